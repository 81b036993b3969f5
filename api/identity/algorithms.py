"""Which algorithms may sign: one list for each kind of key, and none in both."""

WITH_A_SECRET = ("HS256",)
"""What a secret shared with the issuer may sign with."""

WITH_A_KEY_PAIR = ("EdDSA", "ES256", "RS256", "PS256", "ES512")
"""What a private key may sign with, as Better Auth offers them."""

FITTING = {
    ("OKP", "Ed25519"): ("EdDSA",),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-521"): ("ES512",),
    ("RSA", None): ("RS256", "PS256"),
}
"""What a public key may verify, by its type and curve; the first where it does not say."""
