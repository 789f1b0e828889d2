// Loads the services for grpc-js. PROTOS is the folder of the .proto files, NODE_MODULES that of the npm packages.
import { createRequire } from "node:module";

const require = createRequire(process.env.NODE_MODULES + "/");
export const grpc = require("@grpc/grpc-js");
const { loadSync } = require("@grpc/proto-loader");

const options = { includeDirs: [process.env.PROTOS], defaults: true };
export const api = grpc.loadPackageDefinition(loadSync("grpc/testing/test.proto", options)).grpc.testing;

export const INITIAL = "x-grpc-test-echo-initial";
export const TRAILING = "x-grpc-test-echo-trailing-bin";
export const payload = (size) => ({ body: Buffer.alloc(size) });
