import { LibraryService } from "#gen/comity/v1/library_service_pb";
import { clientOf } from "./connection";

export default clientOf(LibraryService);
