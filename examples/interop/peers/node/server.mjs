// A server of grpc-js: `server.mjs ADDRESS [CERT KEY]` prints its target. ADDRESS is `tcp` or `unix:PATH`.
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { INITIAL, TRAILING, api, grpc, payload } from "./api.mjs";

const status = ({ responseStatus }) => responseStatus?.code && { code: responseStatus.code, details: responseStatus.message };

// Sends the metadata to echo in the headers, and returns the metadata to echo in the trailers.
function echoMetadata(call) {
  const [initial, trailing] = [new grpc.Metadata(), new grpc.Metadata()];
  call.metadata.get(INITIAL).forEach((value) => initial.set(INITIAL, value));
  call.metadata.get(TRAILING).forEach((value) => trailing.set(TRAILING, value));
  if (call.metadata.get(INITIAL).length > 0) call.sendMetadata(initial);
  return trailing;
}

async function respond(call, { responseParameters }) {
  for (const { size, intervalUs } of responseParameters) {
    if (intervalUs > 0) await setTimeout(intervalUs / 1000);
    call.write({ payload: payload(size) });
  }
}

const service = {
  emptyCall: (_, answer) => answer(null, {}),

  unaryCall(call, answer) {
    const trailers = echoMetadata(call);
    answer(status(call.request) || null, { payload: payload(call.request.responseSize) }, trailers);
  },

  cacheableUnaryCall(call, answer) {
    const headers = new grpc.Metadata();
    headers.set("cache-control", "max-age=60, public");
    call.sendMetadata(headers);
    answer(null, { payload: { body: Buffer.from(String(process.hrtime.bigint())) } });
  },

  async streamingOutputCall(call) {
    await respond(call, call.request);
    const failure = status(call.request);
    if (failure) call.emit("error", failure);
    else call.end();
  },

  streamingInputCall(call, answer) {
    let sum = 0;
    call.on("data", ({ payload }) => (sum += payload.body.length));
    call.on("end", () => answer(null, { aggregatedPayloadSize: sum }));
    // A cancelled call emits an error.
    call.on("error", () => {});
  },

  async fullDuplexCall(call) {
    const trailers = echoMetadata(call);
    try {
      // By default, the iterator also closes the sending side.
      for await (const request of call.iterator({ destroyOnReturn: false })) {
        const failure = status(request);
        if (failure) return call.emit("error", failure);
        await respond(call, request);
      }
    } catch {
      return;
    }
    call.end(trailers);
  },
};

const [where, certificate, key] = process.argv.slice(2);
const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
// grpc-js answers UNIMPLEMENTED for the methods that `service` does not have.
server.addService(api.TestService.service, service);
const credentials = key
  ? grpc.ServerCredentials.createSsl(null, [{ cert_chain: readFileSync(certificate), private_key: readFileSync(key) }])
  : grpc.ServerCredentials.createInsecure();
server.bindAsync(where === "tcp" ? "127.0.0.1:0" : where, credentials, (error, port) => {
  if (error) throw error;
  console.log(where === "tcp" ? `127.0.0.1:${port}` : where);
});
