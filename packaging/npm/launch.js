#!/usr/bin/env node
// Runs the program for this platform, and passes on the arguments, the standard streams and the exit code.
"use strict";

const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const program = join(__dirname, "bin", `${process.platform}-${process.arch}`, "protoc-gen-rgrpc");
if (!existsSync(program)) {
  console.error(`protoc-gen-rgrpc: this package contains no program for ${process.platform}-${process.arch}`);
  console.error("  help: install it from source with `cargo install protoc-gen-rgrpc`");
  process.exit(2);
}
const { status, signal, error } = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`protoc-gen-rgrpc: cannot run ${program}: ${error.message}`);
  process.exit(2);
}
if (signal) process.kill(process.pid, signal);
process.exit(status);
