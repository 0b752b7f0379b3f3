import { RoutingService } from "#gen/comity/v1/routing_service_pb";
import { clientOf } from "./connection";

export default clientOf(RoutingService);
