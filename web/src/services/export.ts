import { ExportService } from "#gen/comity/v1/export_service_pb";
import { clientOf } from "./connection";

export default clientOf(ExportService);
