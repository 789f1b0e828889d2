#!/usr/bin/env node
// Runs the program of this platform, with the arguments, streams and exit code of its own.
"use strict";

const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const program = join(__dirname, "bin", `${process.platform}-${process.arch}`, "protoc-gen-rgrpc");
if (!existsSync(program)) {
  console.error(`protoc-gen-rgrpc: no program for ${process.platform}-${process.arch} in this package; try: cargo install protoc-gen-rgrpc`);
  process.exit(2);
}
const { status, signal, error } = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`protoc-gen-rgrpc: ${error.message}`);
  process.exit(2);
}
if (signal) process.kill(process.pid, signal);
process.exit(status);
