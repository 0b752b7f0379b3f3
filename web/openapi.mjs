// The contract as an OpenAPI 3.1 document: what the gateway answers as plain JSON
// over HTTP, by the google.api.http rules. Made from the protos alone, so that
// the document cannot say anything else.

import { createFileRegistry, fromBinary, getExtension, hasExtension } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

const VERBS = ["get", "put", "post", "patch", "delete"];

// Messages that JSON writes in another way (ProtoJSON, "JSON Options").
const WELL_KNOWN = {
  "google.protobuf.Any": { type: "object", properties: { "@type": { type: "string" } } },
  "google.protobuf.Duration": { type: "string", pattern: "^-?[0-9]+(\\.[0-9]+)?s$" },
  "google.protobuf.Empty": { type: "object" },
  "google.protobuf.FieldMask": { type: "string", description: "Fields, with commas between." },
  "google.protobuf.Struct": { type: "object" },
  "google.protobuf.Timestamp": { type: "string", format: "date-time" },
};

const ERROR = {
  type: "object",
  description: "Why a call failed (AIP-193).",
  properties: {
    error: {
      type: "object",
      properties: {
        code: { type: "integer", description: "The HTTP status." },
        status: { type: "string", description: "A google.rpc.Code, such as NOT_FOUND." },
        message: { type: "string" },
        details: {
          type: "array",
          description: "google.rpc.ErrorInfo, BadRequest, RetryInfo.",
          items: WELL_KNOWN["google.protobuf.Any"],
        },
      },
      required: ["code", "status", "message"],
    },
  },
  required: ["error"],
};

/** Comments of the protos, by the full name of what they stand before. */
function commentsOf(set) {
  const comments = new Map();
  for (const file of set.file) {
    const byPath = new Map(
      (file.sourceCodeInfo?.location ?? []).map((location) => [
        location.path.join(),
        location.leadingComments,
      ]),
    );
    const keep = (name, path) => {
      const text = byPath.get(path.join());
      if (text) comments.set(name, text.replace(/^ /gm, "").trim());
    };
    // Numbers of fields in descriptor.proto.
    const ofEnum = (scope, type, path) => {
      keep(`${scope}.${type.name}`, path);
      type.value.forEach((value, i) =>
        keep(`${scope}.${type.name}.${value.name}`, [...path, 2, i]),
      );
    };
    const ofMessage = (scope, message, path) => {
      const name = `${scope}.${message.name}`;
      keep(name, path);
      message.field.forEach((field, i) => keep(`${name}.${field.name}`, [...path, 2, i]));
      message.nestedType.forEach((nested, i) => ofMessage(name, nested, [...path, 3, i]));
      message.enumType.forEach((nested, i) => ofEnum(name, nested, [...path, 4, i]));
    };
    file.messageType.forEach((message, i) => ofMessage(file.package, message, [4, i]));
    file.enumType.forEach((type, i) => ofEnum(file.package, type, [5, i]));
    file.service.forEach((service, i) => {
      const name = `${file.package}.${service.name}`;
      keep(name, [6, i]);
      service.method.forEach((method, k) => keep(`${name}.${method.name}`, [6, i, 2, k]));
    });
  }
  return comments;
}

class Document {
  constructor(comments) {
    this.comments = comments;
    this.schemas = { Error: ERROR };
    this.paths = {};
    this.tags = [];
  }

  described(name, schema) {
    const description = this.comments.get(name);
    return description === undefined ? schema : { ...schema, description };
  }

  /** A reference; the schema itself goes among the document's. */
  messageSchema(message) {
    const wellKnown = WELL_KNOWN[message.typeName];
    if (wellKnown) return wellKnown;
    const name = message.typeName.replace(/^comity\.v1\./, "");
    if (!(name in this.schemas)) {
      this.schemas[name] = {};
      const properties = {};
      for (const field of message.fields) {
        properties[field.jsonName] = this.fieldSchema(field);
      }
      this.schemas[name] = this.described(message.typeName, { type: "object", properties });
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  enumSchema(type) {
    const values = type.values.map((value) => value.name);
    const lines = type.values
      .map((value) => [value.name, this.comments.get(`${type.typeName}.${value.name}`)])
      .filter(([, comment]) => comment !== undefined)
      .map(([name, comment]) => `${name}: ${comment.replaceAll("\n", " ")}`);
    const description = [this.comments.get(type.typeName), ...lines]
      .filter((line) => line !== undefined)
      .join("\n");
    return { type: "string", enum: values, ...(description && { description }) };
  }

  scalarSchema(scalar) {
    // Numbers are those of FieldDescriptorProto.Type.
    switch (scalar) {
      case 1:
      case 2:
        return { type: "number" };
      case 3:
      case 16:
      case 18:
        return { type: "string", format: "int64" };
      case 4:
      case 6:
        return { type: "string", format: "uint64" };
      case 8:
        return { type: "boolean" };
      case 9:
        return { type: "string" };
      case 12:
        return { type: "string", contentEncoding: "base64" };
      default:
        return { type: "integer", format: scalar === 13 || scalar === 7 ? "uint32" : "int32" };
    }
  }

  valueSchema(kind, field) {
    if (kind === "message") return this.messageSchema(field.message);
    if (kind === "enum") return this.enumSchema(field.enum);
    return this.scalarSchema(field.scalar);
  }

  fieldSchema(field) {
    let schema;
    if (field.fieldKind === "list") {
      schema = { type: "array", items: this.valueSchema(field.listKind, field) };
    } else if (field.fieldKind === "map") {
      schema = {
        type: "object",
        additionalProperties: this.valueSchema(field.mapKind, field),
      };
    } else {
      schema = this.valueSchema(field.fieldKind, field);
    }
    return this.described(`${field.parent.typeName}.${field.name}`, schema);
  }

  /** What the query may set: fields of the request that nothing else sets. */
  queryParameters(message, taken, prefix = "") {
    const parameters = [];
    for (const field of message.fields) {
      const path = prefix + field.jsonName;
      if (taken.has(prefix + field.name)) continue;
      const nested =
        field.fieldKind === "message" && !(field.message.typeName in WELL_KNOWN);
      if (nested) {
        parameters.push(...this.queryParameters(field.message, taken, `${path}.`));
      } else if (field.fieldKind !== "map" && field.listKind !== "message") {
        const { description, ...schema } = this.fieldSchema(field);
        parameters.push({
          name: path,
          in: "query",
          ...(description && { description }),
          schema,
        });
      }
    }
    return parameters;
  }

  addService(service) {
    this.tags.push(this.described(service.typeName, { name: service.name }));
  }

  addOperation(service, method, rule, suffix) {
    const verb = VERBS.find((each) => rule.pattern.case === each);
    const { path, variables } = readPath(rule.pattern.value);
    const taken = new Set([rule.body, ...variables.map((variable) => variable.field)]);
    const parameters = variables.flatMap((variable) => variable.parameters);
    if (rule.body !== "*") parameters.push(...this.queryParameters(method.input, taken));
    const comment = this.comments.get(`${service.typeName}.${method.name}`);
    this.paths[path] ??= {};
    this.paths[path][verb] = {
      operationId: `${service.name}_${method.name}${suffix}`,
      tags: [service.name],
      ...(comment && { summary: summaryOf(comment), description: comment }),
      ...(parameters.length > 0 && { parameters }),
      ...this.requestBody(method, rule),
      responses: this.responses(method, rule),
    };
  }

  requestBody(method, rule) {
    if (!rule.body) return {};
    const field = method.input.fields.find((each) => each.name === rule.body);
    const content = field?.scalar
      ? { "application/octet-stream": { schema: { type: "string", format: "binary" } } }
      : {
          "application/json": {
            schema: this.messageSchema(field?.message ?? method.input),
          },
        };
    return { requestBody: { required: true, content } };
  }

  responses(method, rule) {
    const streams = method.methodKind !== "unary";
    let content;
    if (rule.responseBody) {
      content = {
        "application/octet-stream": { schema: { type: "string", format: "binary" } },
      };
    } else if (streams) {
      const description =
        "A line each: a result; the last may be the error with which the stream ended.";
      content = {
        "application/x-ndjson": {
          schema: {
            description,
            type: "object",
            properties: {
              result: this.messageSchema(method.output),
              error: ERROR.properties.error,
            },
          },
        },
      };
    } else {
      content = { "application/json": { schema: this.messageSchema(method.output) } };
    }
    const error = {
      description: "The call failed.",
      content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
    };
    return { 200: { description: "The answer.", content }, default: error };
  }
}

function summaryOf(comment) {
  const sentence = /^.*?[.:](?=\s|$)/s.exec(comment)?.[0] ?? comment;
  return sentence.replaceAll("\n", " ").replace(/[.:]$/, "");
}

/**
 * `/v1/{name=states/*}` as `/v1/states/{state}`: there a parameter is one segment.
 * What `**` stands for has slashes in it.
 */
function readPath(template) {
  const variables = [];
  const path = template.replace(/\{([\w.]+)(?:=([^}]+))?\}/g, (_, field, pattern = "*") => {
    const parameters = [];
    let collection = field;
    const segments = pattern.split("/").map((segment) => {
      if (segment !== "*" && segment !== "**") {
        collection = segment;
        return segment;
      }
      const name = segment === "**" ? field : singularOf(collection);
      parameters.push({
        name,
        in: "path",
        required: true,
        schema: { type: "string" },
        description:
          segment === "**"
            ? "A name, slashes and all."
            : `The part of \`${field}\` behind \`${collection}/\`.`,
      });
      return `{${name}}`;
    });
    variables.push({ field, parameters });
    return segments.join("/");
  });
  return { path, variables };
}

function singularOf(collection) {
  return collection.replace(/ies$/, "y").replace(/s$/, "");
}

/**
 * The document, of a FileDescriptorSet with comments and all that it imports.
 * Versions are those of the program.
 */
export function openApiOf(bytes, version) {
  const set = fromBinary(FileDescriptorSetSchema, bytes);
  const registry = createFileRegistry(set);
  const http = registry.getExtension("google.api.http");
  const document = new Document(commentsOf(set));
  for (const file of registry.files) {
    for (const service of file.services) {
      document.addService(service);
      for (const method of service.methods) {
        const options = method.proto.options;
        if (!options || !hasExtension(options, http)) continue;
        const rule = getExtension(options, http);
        document.addOperation(service, method, rule, "");
        rule.additionalBindings.forEach((more, i) =>
          document.addOperation(service, method, more, `_${i + 2}`),
        );
      }
    }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Comity",
      version,
      description:
        "The directory of competent national authorities and the legal library. " +
        "Every method answers by the Connect protocol and gRPC-Web, too, at " +
        "/comity.v1.SERVICE/METHOD. Deadlines: the header Connect-Timeout-Ms.",
    },
    servers: [{ url: "/" }],
    tags: document.tags,
    paths: Object.fromEntries(Object.entries(document.paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: { schemas: document.schemas },
  };
}
