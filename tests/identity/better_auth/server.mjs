// Better Auths as apps set them up, each on a port of its own, until standard input ends.
// Writes a line of JSON with their addresses, then a line for each command it is sent.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { bearer, jwt } from "better-auth/plugins";
import { SignJWT } from "jose";

const secret = process.env.BETTER_AUTH_SECRET;
const cookieCache = { enabled: true, strategy: "jwt" };
const tables = {};

// The signer that the README recommends where a secret is shared.
const sharing = {
  jwks: { remoteUrl: "https://unused.invalid/jwks", keyPairConfig: { alg: "EdDSA" } },
  jwt: {
    definePayload: () => ({}),
    sign: (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .sign(new TextEncoder().encode(secret)),
  },
};

const signing = (alg) => jwt({ jwks: { keyPairConfig: { alg } } });

const apps = {
  EdDSA: { plugins: [jwt(), bearer()], session: { cookieCache } },
  ES256: { plugins: [signing("ES256")] },
  ES512: { plugins: [signing("ES512")] },
  RS256: { plugins: [signing("RS256")] },
  PS256: { plugins: [signing("PS256")] },
  HS256: { plugins: [jwt(sharing)] },
  cookies: { plugins: [jwt({ sessionCookieCache: true })], session: { cookieCache } },
};

async function start(name, options) {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const baseURL = `http://127.0.0.1:${server.address().port}`;
  tables[name] = { user: [], session: [], account: [], verification: [], jwks: [] };
  const auth = betterAuth({
    baseURL,
    secret,
    database: memoryAdapter(tables[name]),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    ...options,
  });
  server.on("request", toNodeHandler(auth));
  return [name, baseURL];
}

// What rotationInterval does when a key has come to its age.
function rotate(name) {
  for (const key of tables[name].jwks) key.expiresAt = new Date(Date.now() - 1);
}

const started = await Promise.all(Object.entries(apps).map((app) => start(...app)));
console.log(JSON.stringify(Object.fromEntries(started)));

for await (const name of createInterface({ input: process.stdin })) {
  rotate(name);
  console.log(name);
}
process.exit(0);
