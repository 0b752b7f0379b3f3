import { ImportService } from "#gen/comity/v1/import_service_pb";
import { clientOf } from "./connection";

export default clientOf(ImportService);
