// A client of grpc-js: `client.mjs TARGET CA CASE...` runs the cases and prints the outcome of each. A CA of `-` means plain text.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { INITIAL, TRAILING, api, grpc, payload } from "./api.mjs";

const [target, ca, ...names] = process.argv.slice(2);
const SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
const UNSEEN = "the API hides whether a message was compressed";
const GZIP = { "grpc.default_compression_algorithm": 2 };
const NO_COMPRESSION = 2;
const { CANCELLED, DEADLINE_EXCEEDED, INTERNAL, INVALID_ARGUMENT, UNIMPLEMENTED, UNKNOWN } = grpc.status;

const credentials = ca === "-" ? grpc.credentials.createInsecure() : grpc.credentials.createSsl(readFileSync(ca));
const connect = (Service = api.TestService, options = {}) =>
  new Service(target, credentials, { "grpc.use_local_subchannel_pool": 1, "grpc.max_receive_message_length": -1, ...options });
const client = connect();
const timeout = (ms = 20_000) => ({ deadline: Date.now() + ms });

// Resolves to the response of a unary call with its headers and trailers, or rejects with the status.
const one = (method, request, { on = client, metadata = new grpc.Metadata(), options = timeout() } = {}) =>
  new Promise((resolve, reject) => {
    const seen = {};
    const call = on[method](request, metadata, options, (error, response) => (error ? reject(error) : (seen.response = response)));
    call.on("metadata", (headers) => (seen.headers = headers));
    call.on("status", (status) => status.code === 0 && resolve({ ...seen, trailers: status.metadata }));
  });

// Resolves to the response of a client-streaming call.
const upload = (requests, on = client) =>
  new Promise((resolve, reject) => {
    const call = on.streamingInputCall(timeout(), (error, response) => (error ? reject(error) : resolve(response)));
    for (const [request, flags] of requests) call.write(request, flags);
    call.end();
  });

const statusOf = async (promise) => promise.then(() => ({ code: 0 }), (status) => status);
const expect = async (code, promise, details) => {
  const status = await statusOf(promise);
  assert.equal(status.code, code, status.details);
  if (details !== undefined) assert.equal(status.details, details);
};
const sizes = async (call) => {
  const found = [];
  for await (const { payload } of call) found.push(payload.body.length);
  return found;
};
const large = (fields) => ({ responseSize: 314159, payload: payload(271828), ...fields });
const unary = async (request = large(), settings = {}) => {
  const seen = await one("unaryCall", request, settings);
  assert.equal(seen.response.payload.body.length, 314159);
  return seen;
};
const output = (size, requestSize = 0) => ({ responseParameters: [{ size }], payload: payload(requestSize) });

async function echoedStatus(message) {
  const responseStatus = { code: 2, message };
  await expect(UNKNOWN, one("unaryCall", { responseStatus }), message);
  const call = client.fullDuplexCall(timeout());
  call.write({ responseStatus });
  call.end();
  await expect(UNKNOWN, sizes(call), message);
}

const cases = {
  empty_unary: async () => assert.deepEqual((await one("emptyCall", {})).response, {}),
  cacheable_unary: async () => {
    for (let n = 0; n < 2; n++) {
      const metadata = new grpc.Metadata();
      metadata.set("x-user-ip", "1.2.3.4");
      const { headers } = await one("cacheableUnaryCall", {}, { metadata });
      assert.deepEqual(headers.get("cache-control"), ["max-age=60, public"]);
    }
  },
  large_unary: async () => void (await unary()),
  client_compressed_unary: async () => {
    const [compressed, uncompressed] = [true, false].map((value) => large({ expectCompressed: { value } }));
    await expect(INVALID_ARGUMENT, one("unaryCall", compressed));
    await unary(compressed, { on: connect(api.TestService, GZIP) });
    await unary(uncompressed);
  },
  server_compressed_unary: async () => {
    for (const value of [true, false]) await unary(large({ responseCompressed: { value } }));
    return UNSEEN;
  },
  client_streaming: async () => {
    const { aggregatedPayloadSize } = await upload([27182, 8, 1828, 45904].map((size) => [{ payload: payload(size) }]));
    assert.equal(aggregatedPayloadSize, 74922);
  },
  client_compressed_streaming: async () => {
    const compressed = { payload: payload(27182), expectCompressed: { value: true } };
    const uncompressed = { payload: payload(45904), expectCompressed: { value: false } };
    await expect(INVALID_ARGUMENT, upload([[compressed]]));
    const { aggregatedPayloadSize } = await upload([[compressed], [uncompressed, NO_COMPRESSION]], connect(api.TestService, GZIP));
    assert.equal(aggregatedPayloadSize, 73086);
  },
  server_streaming: async () => {
    const wanted = [31415, 9, 2653, 58979];
    const request = { responseParameters: wanted.map((size) => ({ size })) };
    assert.deepEqual(await sizes(client.streamingOutputCall(request, timeout())), wanted);
  },
  server_compressed_streaming: async () => {
    const responseParameters = [{ size: 31415, compressed: { value: true } }, { size: 92653, compressed: { value: false } }];
    assert.deepEqual(await sizes(client.streamingOutputCall({ responseParameters }, timeout())), [31415, 92653]);
    return UNSEEN;
  },
  ping_pong: async () => {
    const call = client.fullDuplexCall(timeout());
    const responses = call[Symbol.asyncIterator]();
    for (const [answer, request] of [[31415, 27182], [9, 8], [2653, 1828], [58979, 45904]]) {
      call.write(output(answer, request));
      assert.equal((await responses.next()).value.payload.body.length, answer);
    }
    call.end();
    assert.equal((await responses.next()).done, true);
  },
  empty_stream: async () => {
    const call = client.fullDuplexCall(timeout());
    call.end();
    assert.deepEqual(await sizes(call), []);
  },
  custom_metadata: async () => {
    const [metadata, bytes] = [new grpc.Metadata(), Buffer.from([0xab, 0xab, 0xab])];
    metadata.set(INITIAL, "test_initial_metadata_value");
    metadata.set(TRAILING, bytes);
    const checked = ({ headers, trailers }) => {
      assert.deepEqual(headers.get(INITIAL), ["test_initial_metadata_value"]);
      assert.deepEqual(trailers.get(TRAILING), [bytes]);
    };
    checked(await unary(large(), { metadata }));
    const call = client.fullDuplexCall(metadata, timeout());
    const seen = {};
    call.on("metadata", (headers) => (seen.headers = headers));
    const ended = new Promise((resolve) => call.on("status", (status) => resolve(status.metadata)));
    call.write(output(314159, 271828));
    call.end();
    assert.deepEqual(await sizes(call), [314159]);
    checked({ ...seen, trailers: await ended });
  },
  status_code_and_message: () => echoedStatus("test status message"),
  special_status_message: () => echoedStatus(SPECIAL),
  unimplemented_method: () => expect(UNIMPLEMENTED, one("unimplementedCall", {})),
  unimplemented_service: () =>
    expect(UNIMPLEMENTED, one("unimplementedCall", {}, { on: connect(api.UnimplementedService) })),
  cancel_after_begin: () =>
    expect(CANCELLED, new Promise((resolve, reject) => client.streamingInputCall(timeout(), (error) => (error ? reject(error) : resolve())).cancel())),
  cancel_after_first_response: async () => {
    const call = client.fullDuplexCall(timeout());
    const responses = call[Symbol.asyncIterator]();
    call.write(output(31415, 27182));
    assert.equal((await responses.next()).value.payload.body.length, 31415);
    call.cancel();
    await expect(CANCELLED, responses.next());
  },
  timeout_on_sleeping_server: async () => {
    const call = client.fullDuplexCall(timeout(1));
    call.write({ payload: payload(27182) });
    await expect(DEADLINE_EXCEEDED, sizes(call));
  },
  rpc_soak: async () => {
    for (let n = 0; n < 200; n++) await unary();
  },
  channel_soak: async () => {
    for (let n = 0; n < 50; n++) {
      const on = connect();
      await unary(large(), { on });
      on.close();
    }
  },
  every_status_code: async () => {
    for (let code = 1; code <= 16; code++) {
      await expect(code, one("unaryCall", { responseStatus: { code, message: SPECIAL } }), SPECIAL);
    }
  },
  three_megabytes: async () => {
    const { response } = await one("unaryCall", { responseSize: 3_000_000, payload: payload(3_000_000) });
    assert.equal(response.payload.body.length, 3_000_000);
  },
  ten_thousand_ping_pongs: async () => {
    const call = client.fullDuplexCall(timeout());
    for (let n = 0; n < 10_000; n++) call.write(output(n % 100));
    call.end();
    assert.deepEqual(await sizes(call), Array.from({ length: 10_000 }, (_, n) => n % 100));
  },
  undecodable_request: () =>
    expect(
      INTERNAL,
      new Promise((resolve, reject) =>
        client.makeUnaryRequest("/grpc.testing.TestService/UnaryCall", () => Buffer.from([255, 255, 255]), (bytes) => bytes, {}, timeout(), (error) => (error ? reject(error) : resolve())),
      ),
    ),
};

let failed = false;
for (const name of names) {
  let outcome = "ok";
  try {
    const note = await cases[name]();
    if (note) outcome = `ok* ${note}`;
  } catch (error) {
    failed = true;
    outcome = `FAILED ${String(error?.message ?? error).replaceAll("\n", " ")}`;
  }
  console.log(`${name} ${outcome}`);
}
process.exit(failed ? 1 : 0);
