// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT
//
// Reads an MCAP file with the reader of the format's authors, the npm package @mcap/core, and prints its messages as checkmcap.py.
// First by the index in the order of the times, then the whole stream with all checksums; both must give the same messages.
//
//     readmcap.cjs PACKAGES FILE     the folder with node_modules

"use strict";
const path = require("path");
const fs = require("fs");
const { McapIndexedReader, McapStreamReader } = require(path.join(process.argv[2], "node_modules/@mcap/core"));

const bytes = fs.readFileSync(process.argv[3]);
const file = {
  size: async () => BigInt(bytes.length),
  read: async (offset, length) => new Uint8Array(bytes.buffer, bytes.byteOffset + Number(offset), Number(length)),
};

function text(channels, message) {
  const data = Buffer.from(message.data).toString("hex");
  return [channels.get(message.channelId).topic, message.sequence, message.logTime, message.publishTime, data].join(" ");
}

function streamed() {
  const channels = new Map();
  const lines = [];
  const reader = new McapStreamReader({ validateCrcs: true });
  reader.append(bytes);
  for (let record; (record = reader.nextRecord()); ) {
    if (record.type === "Channel") channels.set(record.id, record);
    if (record.type === "Message") lines.push(text(channels, record));
  }
  if (!reader.done()) throw new Error("the file has no end");
  return lines;
}

async function main() {
  const indexed = await McapIndexedReader.Initialize({ readable: file });
  const lines = [];
  for await (const message of indexed.readMessages()) lines.push(text(indexed.channelsById, message));
  const inOrder = streamed();
  if (lines.slice().sort().join("\n") !== inOrder.slice().sort().join("\n"))
    throw new Error("the index leads to other messages than the stream has");
  for (const channel of indexed.channelsById.values()) {
    const schema = indexed.schemasById.get(channel.schemaId);
    if (channel.messageEncoding === "json") JSON.parse(Buffer.from(schema.data).toString());
  }
  if (inOrder.length > 0) console.log(inOrder.join("\n"));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
