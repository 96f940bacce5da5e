// PostGraphile 5 over the schema `rival`: its amber preset as it comes. node postgraphile.mjs URL PORT
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/@dataplan/pg/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const [url, port] = process.argv.slice(2);
const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: url, schemas: ["rival"], poolConfig: { max: 10 } })],
  grafserv: { graphqlPath: "/graphql", watch: false, graphiql: false },
  grafast: { explain: false },
};
const server = createServer();
const made = postgraphile(preset);
await made.createServ(grafserv).addTo(server);
if (process.env.SHOW) {
  const { printSchema } = await import("postgraphile/graphql");
  console.log(printSchema(await made.getSchema()));
}
server.listen(Number(port), "127.0.0.1", () => console.log("ready"));
