// A client for the API of an Ayni hub, for Node 18 or newer and nothing else. Copy it beside your program.
//
//   import { hub } from "./ayni.mjs";
//   const ask = hub("https://ayni.example/graphql", process.env.AYNI_TOKEN, "our web site", trusted);
//   const { findAllies } = await ask("FindAllies", { question: { issues: ["land"] } });
//
// `trusted` is the content of graphql/trusted.json of the hub's version: names of documents and their ids.

export class AyniError extends Error {
  constructor({ message, extensions = {} }, requestId) {
    super(`${extensions.code}: ${message}`);
    Object.assign(this, { code: extensions.code, fix: extensions.fix, requestId });
  }
}

export function hub(url, token, name, trusted) {
  const headers = {
    authorization: `Bearer ${token}`,
    "ayni-client": name,
    "content-type": "application/json",
  };
  return async function ask(operation, variables = {}) {
    const body = JSON.stringify({ documentId: trusted[operation], variables });
    const answer = await fetch(url, { method: "POST", headers, body });
    const found = await answer.json();
    if (found.errors) throw new AyniError(found.errors[0], found.extensions?.requestId);
    return found.data;
  };
}
