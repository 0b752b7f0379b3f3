import { messages } from "../i18n";

export const t = messages({
  title: {
    en: "Find a contact",
    fr: "Trouver un contact",
    es: "Buscar un contacto",
    ru: "Найти контакт",
    ar: "البحث عن جهة اتصال",
    zh: "查找联系机关",
  },
});
