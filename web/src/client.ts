// The services of the contract: `(await directoryService()).getState({ name })`.
// Each is fetched with its first call, since reading what describes its
// messages is most of the work of starting a page.
import type { ConnectError } from "@connectrpc/connect";
import { once } from "./once";

// What all services need, on its way while the page is drawn. What describes a
// service is read after it and not with it, so that keys are answered between.
const connection = once(() => import("./services/connection"));
connection().catch(() => {});

function service<Client>(load: () => Promise<{ default: Client }>): () => Promise<Client> {
  return once(async () => {
    await connection();
    await new Promise((done) => setTimeout(done));
    return (await load()).default;
  });
}

export const changeService = service(() => import("./services/change"));
export const directoryService = service(() => import("./services/directory"));
export const exportService = service(() => import("./services/export"));
export const importService = service(() => import("./services/import"));
export const libraryService = service(() => import("./services/library"));
export const routingService = service(() => import("./services/routing"));
export const searchService = service(() => import("./services/search"));
export const treatyService = service(() => import("./services/treaty"));

/** Status codes of gRPC, those that pages tell apart. Connect's own list would
 * bring all of Connect with it. */
export const Code = {
  Canceled: 1,
  Unknown: 2,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  ResourceExhausted: 8,
  OutOfRange: 11,
  Unavailable: 14,
} as const;

/** Why a call failed, for choosing what to say. */
export type Failure = {
  kind: "unreachable" | "notFound" | "invalid" | "busy" | "other";
  /** The server's own words, English. */
  text: string;
};

/** Of what a call threw; undefined where the call could not even begin. */
export function codeOfError(error: unknown): number | undefined {
  const { code } = error as Partial<ConnectError>;
  return typeof code === "number" ? code : undefined;
}

export function failureOf(error: unknown): Failure {
  const text = (error as Partial<ConnectError>).rawMessage ?? String(error);
  switch (codeOfError(error)) {
    case Code.NotFound:
      return { kind: "notFound", text };
    case Code.InvalidArgument:
    case Code.OutOfRange:
      return { kind: "invalid", text };
    case Code.ResourceExhausted:
    case Code.DeadlineExceeded:
      return { kind: "busy", text };
    case Code.Unavailable:
    case Code.Unknown:
    case undefined:
      return { kind: "unreachable", text };
    default:
      return { kind: "other", text };
  }
}

export function wasCancelled(error: unknown): boolean {
  return codeOfError(error) === Code.Canceled;
}
