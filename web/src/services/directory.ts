import { DirectoryService } from "#gen/comity/v1/directory_service_pb";
import { clientOf } from "./connection";

export default clientOf(DirectoryService);
