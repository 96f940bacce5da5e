// A strict Matrix client for the tests: matrix-js-sdk with its Rust crypto, which neither shares keys with nor
// reads devices that their owner did not sign. One JSON order a line comes in, one JSON line each goes out:
// {"id", "ok"} or {"id", "error"} for orders, {"event", ...} for what happens meanwhile.
import { createInterface } from "node:readline";
import * as sdk from "matrix-js-sdk";
import { logger } from "matrix-js-sdk/lib/logger.js";
import { OnlySignedDevicesIsolationMode } from "matrix-js-sdk/lib/crypto-api/index.js";
import { VerificationPhase, VerificationRequestEvent, VerifierEvent } from "matrix-js-sdk/lib/crypto-api/verification.js";

logger.setLevel("silent");
for (const name of ["log", "info", "warn", "debug", "trace"]) console[name] = () => {};

let client;
const requests = new Map();
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");

async function enter({ url, user, password }) {
  const door = sdk.createClient({ baseUrl: url });
  const login = await door.loginRequest({
    type: "m.login.password",
    identifier: { type: "m.id.user", user },
    password,
  });
  client = sdk.createClient({
    baseUrl: url,
    userId: login.user_id,
    deviceId: login.device_id,
    accessToken: login.access_token,
    verificationMethods: ["m.sas.v1"],
  });
  await client.initRustCrypto({ useIndexedDB: false });
  const crypto = client.getCrypto();
  crypto.setDeviceIsolationMode(new OnlySignedDevicesIsolationMode());
  await crypto.bootstrapCrossSigning({
    authUploadDeviceSigningKeys: (upload) =>
      upload({ type: "m.login.password", identifier: { type: "m.id.user", user: login.user_id }, password }),
  });
  client.on("Room.timeline", (event, room) => void shown(event, room));
  client.on("RoomMember.membership", (event, member) => {
    if (member.userId === client.getUserId() && member.membership === "invite") {
      say({ event: "invited", room: member.roomId, by: event.getSender() });
    }
  });
  client.on("crypto.verificationRequestReceived", (request) => watch(request));
  await client.startClient({ initialSyncLimit: 20 });
  await new Promise((done) => client.once("sync", done));
  return { user: login.user_id, device: login.device_id, master: await crypto.getCrossSigningKeyId() };
}

async function shown(event, room) {
  await client.decryptEventIfNeeded(event);
  const tell = async () => {
    if (event.getType() !== "m.room.message" || event.getSender() === client.getUserId()) return;
    const info = await client.getCrypto().getEncryptionInfoForEvent(event);
    say({
      event: "message",
      room: room.roomId,
      sender: event.getSender(),
      body: event.getContent().body,
      encrypted: event.isEncrypted(),
      hidden: event.isDecryptionFailure(),
      shield: info ? info.shieldColour : null,
    });
  };
  if (event.isEncrypted() && event.isDecryptionFailure()) {
    event.on("Event.decrypted", () => void tell());
  } else {
    await tell();
  }
}

function watch(request) {
  const name = request.transactionId;
  requests.set(name, request);
  let heard = false;
  const look = () => {
    say({ event: "comparing", name, phase: VerificationPhase[request.phase], code: request.cancellationCode });
    if (request.verifier && !heard) {
      heard = true;
      follow(name, request.verifier);
    }
  };
  request.on(VerificationRequestEvent.Change, look);
  look();
}

function follow(name, verifier) {
  verifier.on(VerifierEvent.ShowSas, (shown) => {
    requests.get(name).shown = shown;
    say({ event: "pictures", name, pictures: shown.sas.emoji.map(([picture]) => picture) });
  });
  verifier.verify().catch(() => {});
}

const ORDERS = {
  enter,
  async join({ room }) {
    await client.joinRoom(room);
    while (client.getRoom(room)?.getMyMembership() !== "join") {
      await new Promise((done) => client.once("sync", done));
    }
    await client.scrollback(client.getRoom(room), 20); // what was said before we came in, as on opening a room
  },
  async direct({ user }) {
    const made = await client.createRoom({
      preset: "trusted_private_chat",
      is_direct: true,
      invite: [user],
      initial_state: [
        { type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } },
      ],
    });
    while (client.getRoom(made.room_id)?.getMember(user)?.membership !== "join") {
      await new Promise((done) => client.once("sync", done));
    }
    return made.room_id;
  },
  async say({ room, body }) {
    return (await client.sendTextMessage(room, body)).event_id;
  },
  async compareInRoom({ user, room }) {
    const request = await client.getCrypto().requestVerificationDM(user, room);
    watch(request);
    return request.transactionId;
  },
  async compareByDevice({ user, device }) {
    await client.getCrypto().getUserDeviceInfo([user], true);
    const request = await client.getCrypto().requestDeviceVerification(user, device);
    watch(request);
    return request.transactionId;
  },
  async accept({ name }) {
    await requests.get(name).accept();
  },
  async begin({ name }) {
    await requests.get(name).startVerification("m.sas.v1");
  },
  async same({ name }) {
    await requests.get(name).shown.confirm();
  },
  async different({ name }) {
    requests.get(name).shown.mismatch();
  },
  async trust({ user }) {
    await client.getCrypto().getUserDeviceInfo([user], true);
    const status = await client.getCrypto().getUserVerificationStatus(user);
    return status.isCrossSigningVerified();
  },
  async devices({ user }) {
    const found = await client.getCrypto().getUserDeviceInfo([user], true);
    const status = [];
    for (const device of (found.get(user) ?? new Map()).keys()) {
      const one = await client.getCrypto().getDeviceVerificationStatus(user, device);
      status.push({ device, signed: one?.signedByOwner ?? false });
    }
    return status;
  },
  async leave() {
    client.stopClient();
    setImmediate(() => process.exit(0));
  },
};

createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, order, ...rest } = JSON.parse(line);
  try {
    say({ id, ok: (await ORDERS[order](rest)) ?? null });
  } catch (error) {
    say({ id, error: String(error?.message ?? error) });
  }
}).on("close", () => process.exit(0));
