// Sends a file to be imported, and tells what becomes of it as it is told: the
// file goes as it is, the answer is a JSON object a line.
import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { ImportResponseSchema, type ImportResponse } from "#gen/comity/v1/import_service_pb";

export type ImportSettings = Record<string, string | boolean>;

export class ImportFailed extends Error {
  /** `lost`: nobody knows how it ended. */
  constructor(
    readonly kind: "refused" | "lost" | "cancelled",
    message: string,
  ) {
    super(message);
  }
}

type Line = {
  result?: JsonValue;
  error?: { message?: string };
};

/** `sent` gets the bytes that have gone out, `told` each message of the answer. */
export function importFile(
  file: Blob,
  settings: ImportSettings,
  sent: (bytes: number) => void,
  told: (message: ImportResponse) => void,
  signal: AbortSignal,
): Promise<void> {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(settings)) {
    if (value !== "" && value !== false) query.set(`options.${key}`, String(value));
  }
  query.set("options.fileBytes", String(file.size));
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    let read = 0;
    let ended = false;
    const take = () => {
      const text = request.responseText;
      for (let end = text.indexOf("\n", read); end >= 0; end = text.indexOf("\n", read)) {
        const line = JSON.parse(text.slice(read, end)) as Line;
        read = end + 1;
        if (line.error) throw new ImportFailed("refused", line.error.message ?? "");
        const message = fromJson(ImportResponseSchema, line.result ?? {}, {
          ignoreUnknownFields: true,
        });
        ended ||= message.response.case === "job";
        told(message);
      }
    };
    const attempt = (step: () => void) => {
      try {
        step();
      } catch (error) {
        fail(error instanceof ImportFailed ? error : new ImportFailed("lost", String(error)));
        request.abort();
      }
    };
    request.open("POST", `/v1/importJobs:import?${query}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.onprogress = (event) => sent(event.loaded);
    request.onprogress = () => {
      if (request.status === 200) attempt(take);
    };
    request.onload = () =>
      attempt(() => {
        if (request.status !== 200) throw new ImportFailed("refused", refusalOf(request));
        take();
        if (!ended) throw new ImportFailed("lost", "");
        done();
      });
    request.onerror = () => fail(new ImportFailed("lost", ""));
    request.onabort = () => fail(new ImportFailed("cancelled", ""));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function refusalOf(request: XMLHttpRequest): string {
  try {
    const { error } = JSON.parse(request.responseText) as Line;
    return error?.message ?? String(request.status);
  } catch {
    return String(request.status);
  }
}
