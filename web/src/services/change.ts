import { ChangeService } from "#gen/comity/v1/change_service_pb";
import { clientOf } from "./connection";

export default clientOf(ChangeService);
