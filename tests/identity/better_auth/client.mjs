// What a page does with Better Auth's own client: sign up, get a token, keep tasks with it, sign out.
// Takes the addresses of Better Auth and of Taskfold; writes what came of it as a line of JSON.
import { createAuthClient } from "better-auth/client";
import { jwtClient } from "better-auth/client/plugins";

const [betterAuth, taskfold] = process.argv.slice(2);

// A browser keeps cookies; Node does not.
const cookies = new Map();
async function browser(url, request) {
  const headers = new Headers(request.headers);
  headers.set("Cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
  headers.set("Origin", betterAuth);
  const response = await fetch(url, { ...request, headers });
  for (const cookie of response.headers.getSetCookie()) {
    const [name, value] = cookie.split(";")[0].split("=", 2);
    cookies.set(name, value);
  }
  return response;
}

const authClient = createAuthClient({
  baseURL: betterAuth,
  plugins: [jwtClient()],
  fetchOptions: { customFetchImpl: browser },
});

function expectNone({ data, error }) {
  if (error) throw new Error(JSON.stringify(error));
  return data;
}

async function ask(token, request = {}) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const response = await fetch(`${taskfold}/api/tasks`, { ...request, headers });
  return { status: response.status, body: await response.json() };
}

const { user } = expectNone(
  await authClient.signUp.email({ name: "Ada", email: "page@example.com", password: "correct horse" }),
);
const { token } = expectNone(await authClient.token());
const created = await ask(token, { method: "POST", body: JSON.stringify({ title: "From a page" }) });
const { keys } = expectNone(await authClient.jwks());
expectNone(await authClient.signOut());
const afterwards = await authClient.token();

console.log(
  JSON.stringify({
    user: user.id,
    created,
    keys: keys.length,
    tokenAfterSignOut: afterwards.error?.status,
    listed: await ask(token),
  }),
);
