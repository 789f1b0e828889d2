// Calls a server over gRPC-Web. The query parameter `server` of the page is its address.

import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { check } from "./check.js";
import { CalculatorService } from "./generated/calculator/v1/calculator_pb";
import { BadRequestSchema } from "./generated/google/rpc/error_details_pb";
import { Health, HealthCheckResponse_ServingStatus as Serving } from "./generated/grpc/health/v1/health_pb";
import { Role, UserService } from "./generated/user/v1/user_pb";

const baseUrl = new URLSearchParams(location.search).get("server")!;
const transport = createGrpcWebTransport({ baseUrl });
const users = createClient(UserService, transport);
const taxes = createClient(CalculatorService, transport);
const health = createClient(Health, transport);

async function names(role: Role) {
  const names: string[] = [];
  for await (const { user } of users.listUsers({ role })) names.push(user!.displayName);
  return names.join(", ");
}

async function failure(call: Promise<unknown>) {
  return call.then(
    (response) => Promise.reject(new Error(`it succeeded: ${response}`)),
    (error: unknown) => ConnectError.from(error),
  );
}

async function rateOfNowhere() {
  const error = await failure(taxes.calculateTax({ amountCents: 1999n, countryCode: "XX" }));
  const [{ fieldViolations }] = error.findDetails(BadRequestSchema);
  return `${Code[error.code]}: ${fieldViolations[0].field}`;
}

// A health watch never ends by itself, so a deadline or an abort signal ends it.
async function watch(options: { timeoutMs?: number; signal?: AbortSignal }, heard = () => {}) {
  const statuses: string[] = [];
  try {
    for await (const { status } of health.watch({}, options)) {
      statuses.push(Serving[status]);
      heard();
    }
  } catch (error) {
    return `${Code[ConnectError.from(error).code]} after ${statuses}`;
  }
  return `an end after ${statuses}`;
}

function watchUntilHeard() {
  const leave = new AbortController();
  return watch({ signal: leave.signal }, () => leave.abort());
}

async function missing() {
  const error = await failure(users.getUser({ id: "größer" }));
  return `${Code[error.code]}: ${error.rawMessage}`;
}

await check([
  ["a unary call", async () => (await users.getUser({ id: "user-1" })).user!.displayName, "Ada Lovelace"],
  ["a stream of responses", () => names(Role.UNSPECIFIED), "Ada Lovelace, Änne Müller"],
  ["an error, with its text", missing, "NotFound: no user has the id `größer`"],
  ["an error, with its details", rateOfNowhere, "InvalidArgument: country_code"],
  ["a deadline", () => watch({ timeoutMs: 500 }), "DeadlineExceeded after SERVING"],
  ["a call that is cancelled", watchUntilHeard, "Canceled after SERVING"],
]);
