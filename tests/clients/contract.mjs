// The contract as @grpc/proto-loader reads it: from the .proto files alone.

import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import protobuf from 'protobufjs';

import { source } from './comityd.mjs';

const includeDirs = [
  path.join(source, 'proto'),
  path.join(source, 'node_modules/google-proto-files'),
];

const definition = protoLoader.loadSync(
  readdirSync(path.join(source, 'proto/comity/v1'))
    .filter((name) => name.endsWith('.proto'))
    .map((name) => `comity/v1/${name}`),
  // The wire does not tell an empty list from none: both are [].
  { includeDirs, enums: String, longs: String, oneofs: true, arrays: true });

export const v1 = grpc.loadPackageDefinition(definition).comity.v1;

// The services of the contract: name -> { method: definition }.
export const services = Object.fromEntries(
  Object.entries(v1).filter(([, value]) => value.service)
    .map(([name, value]) => [name, value.service]));

// The contents of google.rpc errors by type name, read from their own files.
const rpc = new protobuf.Root();
rpc.resolvePath = (origin, target) =>
  path.isAbsolute(target) ? target : path.join(includeDirs[1], target);
rpc.loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto']);

// The google.rpc.Status of a failed call: { code, message, details: {
// 'google.rpc.ErrorInfo': {…}, … } }; undefined if it carries none.
export function statusDetails(error) {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  return bytes === undefined ? undefined : decodeStatus(bytes);
}

export function decodeStatus(bytes) {
  const status = rpc.lookupType('google.rpc.Status').decode(bytes);
  const details = {};
  for (const any of status.details) {
    const name = any.type_url.split('/').pop();
    const type = rpc.lookupType(name);
    details[name] = type.toObject(type.decode(any.value), { arrays: true });
  }
  return { code: status.code, message: status.message, details };
}
