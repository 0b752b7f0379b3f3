// The services of the contract, called at this page's own origin.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import type { DescService } from "@bufbuild/protobuf";

const transport = createConnectTransport({
  baseUrl: location.origin,
  useBinaryFormat: true,
  defaultTimeoutMs: 30_000,
});

/** `client(DirectoryService).getState({ name })`; each page imports its own. */
export function client<Service extends DescService>(service: Service) {
  return createClient(service, transport);
}

export { Code, ConnectError };

/** Why a call failed, for choosing what to say. */
export type Failure = {
  kind: "unreachable" | "notFound" | "invalid" | "busy" | "other";
  /** The server's own words, English. */
  text: string;
};

export function failureOf(error: unknown): Failure {
  const { code, rawMessage } = ConnectError.from(error);
  switch (code) {
    case Code.NotFound:
      return { kind: "notFound", text: rawMessage };
    case Code.InvalidArgument:
    case Code.OutOfRange:
      return { kind: "invalid", text: rawMessage };
    case Code.ResourceExhausted:
    case Code.DeadlineExceeded:
      return { kind: "busy", text: rawMessage };
    case Code.Unavailable:
    case Code.Unknown:
      return { kind: "unreachable", text: rawMessage };
    default:
      return { kind: "other", text: rawMessage };
  }
}

export function wasCancelled(error: unknown): boolean {
  return ConnectError.from(error).code === Code.Canceled;
}
