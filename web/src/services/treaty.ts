import { TreatyService } from "#gen/comity/v1/treaty_service_pb";
import { clientOf } from "./connection";

export default clientOf(TreatyService);
