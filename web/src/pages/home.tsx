import { PageTitle } from "../components/page_title";
import { t } from "./home.messages";

export default function Home() {
  return <PageTitle title={t("title")} />;
}
