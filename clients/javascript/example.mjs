// Allies who work on an issue: node example.mjs <url> <trusted.json> <issue>; the token is in AYNI_TOKEN.
import { readFile } from "node:fs/promises";
import { AyniError, hub } from "./ayni.mjs";

const [url, trustedFile, issue] = process.argv.slice(2);
const trusted = JSON.parse(await readFile(trustedFile, "utf8"));
const ask = hub(url, process.env.AYNI_TOKEN, "ayni example", trusted);
try {
  const { findAllies } = await ask("FindAllies", { question: { issues: [issue] }, first: 5 });
  for (const { node } of findAllies.edges) console.log(`${node.title} (${node.network.name})`);
} catch (error) {
  if (!(error instanceof AyniError)) throw error;
  console.error(`${error.message}\n${error.fix ?? ""}`);
  process.exitCode = 1;
}
