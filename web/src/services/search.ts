import { SearchService } from "#gen/comity/v1/search_service_pb";
import { clientOf } from "./connection";

export default clientOf(SearchService);
