// Calls go to this page's own origin.
import { createClient, type Client } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import type { DescService } from "@bufbuild/protobuf";

const transport = createConnectTransport({
  baseUrl: location.origin,
  useBinaryFormat: true,
  defaultTimeoutMs: 30_000,
});

export function clientOf<Service extends DescService>(service: Service): Client<Service> {
  return createClient(service, transport);
}
