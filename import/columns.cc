#include "import/columns.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/errors.h"
#include "base/text.h"

namespace comity {
namespace {

// Kinds as bits, for a field may be of several.
constexpr unsigned kS = 1;
constexpr unsigned kT = 2;
constexpr unsigned kP = 4;
constexpr unsigned kD = 8;
constexpr unsigned kAll = kS | kT | kP | kD;

struct ColumnNames {
  Field field;
  unsigned kinds;
  // What our own files call it.
  const char* name;
  // Other headers, folded on use, divided by vertical bars: names that sources
  // use in snake_case, then English, French and Spanish.
  const char* others;
};

// In the order of Field.
constexpr ColumnNames kColumns[] = {
    {Field::kId, kD, "id",
     "record id|source id|reference number|identifiant|identificador"},
    {Field::kState, kAll, "state",
     "state_alpha3|alpha3|country|country code|state party|state code|iso3|"
     "iso alpha 3|participant|pays|etat|etat partie|code pays|pais|estado|"
     "estado parte|codigo de pais"},
    {Field::kStateAsPrinted, kP, "participant_name_in_source",
     "participant name|nom du participant|nombre del participante"},
    {Field::kTreaty, kD | kP | kT, "treaty",
     "instrument_id|treaty_id|instrument|convention|agreement|traite|accord|"
     "tratado|convenio|convencion|acuerdo|slug"},
    {Field::kArticle, kD, "article",
     "articles cited|legal basis|provision|article cite|base juridique|"
     "articulo|base juridica"},
    {Field::kNotes, kAll, "notes",
     "note|remark|remarks|comments|comment|observations|remarques|remarque|"
     "commentaires|notas|nota|observaciones|comentarios"},
    {Field::kSourceSystem, kD, "source_system",
     "systeme source|sistema fuente"},
    {Field::kSourceDocument, kAll, "source_document",
     "source|source title|document source|fuente|documento fuente"},
    {Field::kSourceUri, kAll, "source_url",
     "source_uri|source link|url source|lien source|url de la source|"
     "url de la fuente|enlace de la fuente"},
    {Field::kSourcePlace, kAll, "source_place",
     "source page|place in source|page de la source|pagina de la fuente"},
    {Field::kSourceKind, kAll, "source_kind",
     "source type|kind of source|type de source|nature de la source|"
     "tipo de fuente"},
    {Field::kSourceDate, kAll, "source_date",
     "date of source|date de la source|fecha de la fuente"},
    {Field::kSourceAsOf, kAll, "source_as_of",
     "as of|data as of|situation au|etat au|a fecha de|situacion al"},
    {Field::kSourceVia, kAll, "via", "source_via|taken from|par|tomado de"},
    {Field::kSourceNote, kAll, "source_note",
     "note on source|note sur la source|nota sobre la fuente"},
    {Field::kScope, kD, "scope", "portee|ambito|alcance"},
    {Field::kFunction, kD, "function",
     "purpose|type of cooperation|type of request|fonction|objet|"
     "type de cooperation|type de demande|funcion|tipo de cooperacion|"
     "tipo de solicitud"},
    {Field::kAuthorityName, kD, "authority_name",
     "authority|name of authority|name of the authority|central authority|"
     "competent authority|office|name|autorite|nom de l'autorite|"
     "autorite centrale|autorite competente|nom|autoridad|"
     "nombre de la autoridad|autoridad central|autoridad competente|nombre"},
    {Field::kAuthorityNameLanguage, kD, "authority_name_lang",
     "authority name language|language of name|langue du nom|"
     "idioma del nombre"},
    {Field::kUnit, kD, "unit",
     "department|division|directorate|section|unite|service|direction|"
     "departement|unidad|departamento|direccion general|division o unidad"},
    {Field::kAuthorityKind, kD, "authority_kind",
     "type of authority|authority type|type d'autorite|tipo de autoridad"},
    {Field::kAuthorityLanguages, kD, "authority_languages",
     "working languages|langues de travail|idiomas de trabajo"},
    {Field::kInterpolChannel, kD, "interpol_channel", "interpol"},
    {Field::kTerritory, kD, "territory", "territoire|territorio"},
    {Field::kCompetence, kD, "competence",
     "competences|scope of competence|competencia|competencias"},
    {Field::kAddress, kD, "address",
     "full address|adresse|adresse complete|direccion|domicilio|"
     "direccion completa"},
    {Field::kPostalAddress, kD, "postal_address",
     "mailing address|po box|adresse postale|direccion postal"},
    {Field::kStreetAddress, kD, "street_address",
     "visiting address|office address|adresse physique|adresse des bureaux|"
     "direccion fisica|direccion de la oficina"},
    {Field::kTelephone, kD, "phone",
     "telephone|telephones|phone number|phone numbers|telephone number|tel|"
     "numero de telephone|telefono|telefonos|numero de telefono"},
    {Field::kTelephoneAndFax, kD, "phone_and_fax",
     "telephone and fax|tel fax|telephone fax|phone fax|"
     "telephone et telecopie|telephone et fax|telefono y fax"},
    {Field::kTelephoneOutsideHours, kD, "phone_outside_office_hours",
     "emergency telephone|emergency phone|out of hours telephone|"
     "after hours phone|telephone d'urgence|telephone hors heures de bureau|"
     "telefono de emergencia|telefono fuera de horario"},
    {Field::kFax, kD, "fax",
     "fax number|facsimile|telefax|telecopie|telecopieur|numero de fax|"
     "numero de telecopie"},
    {Field::kEmail, kD, "email",
     "e-mail|e-mail address|email address|mail|courriel|adresse electronique|"
     "adresse e-mail|courrier electronique|correo electronico|correo|"
     "direccion de correo electronico"},
    {Field::kWebsite, kD, "website",
     "web site|web|url|homepage|internet|site web|site internet|sitio web|"
     "pagina web"},
    {Field::kOfficeHours, kD, "office_hours",
     "opening hours|working hours|business hours|heures de bureau|"
     "heures d'ouverture|horario|horario de oficina|horario de atencion"},
    {Field::kTimeZone, kD, "time_zone",
     "timezone|gmt|fuseau horaire|zona horaria|huso horario"},
    {Field::kContactValidUntil, kD, "contact_valid_until", ""},
    {Field::kLanguages, kD, "languages",
     "language|accepted languages|languages accepted|language of requests|"
     "languages of requests|langues|langue|langues acceptees|"
     "langues des demandes|idiomas|idioma|idiomas aceptados|lenguas"},
    {Field::kChannels, kD, "channels",
     "means of transmission|channels of communication|"
     "voies de communication|voie de transmission|canaux|canales|"
     "vias de comunicacion|via de transmision"},
    {Field::kForms, kD, "forms", "form|formulaires|formulaire|formularios"},
    {Field::kUrgentProcedure, kD, "urgent_procedure",
     "urgent cases|urgent requests|procedure in urgent cases|"
     "procedure d'urgence|cas urgents|procedimiento de urgencia|"
     "casos urgentes|solicitudes urgentes"},
    {Field::kRequiredContents, kD, "documents_required",
     "required_contents|documents|required documents|contents of request|"
     "documents requis|pieces requises|contenu de la demande|"
     "documentos requeridos|documentos necesarios|contenido de la solicitud"},
    {Field::kTimeLimits, kD, "time_limits",
     "time limit|processing time|delais|delai|plazos|plazo"},
    {Field::kNotificationDate, kD, "date_notified",
     "notified|notification date|date of notification|date notified|"
     "date de notification|date de la notification|fecha de notificacion|"
     "fecha de la notificacion"},
    {Field::kNotificationBasis, kD, "date_basis",
     "basis of date|nature de la date|base de la fecha"},
    {Field::kNotificationReference, kD, "notification_reference",
     "depositary notification|notification number|reference|"
     "notification depositaire|reference de la notification|"
     "notificacion del depositario|referencia"},
    {Field::kValidFrom, kD, "valid_from",
     "start of validity|in effect from|valable a partir du|"
     "valable depuis|valido desde|vigente desde"},
    {Field::kValidUntil, kD, "valid_until",
     "end of validity|in effect until|valable jusqu'au|fin de validite|"
     "valido hasta|vigente hasta"},
    {Field::kVerifiedOn, kD, "verified_on",
     "last verified|date verified|verifie le|verificado el"},
    {Field::kVerifiedBy, kD, "verified_by", "verifie par|verificado por"},
    {Field::kDepositaryNumber, kP | kT, "depositary_number",
     "mtdsg_no|treaty number|numero du depositaire|numero de tratado"},
    {Field::kSignatureDate, kP, "signature_date",
     "signature|signed|date of signature|date de signature|signature le|firma|"
     "fecha de firma"},
    {Field::kBindingAct, kP, "binding_act",
     "act|type of act|acte|type d'acte|acto|tipo de acto"},
    {Field::kDepositDate, kP, "deposit_date",
     "deposit|date of deposit|ratification date|date de depot|"
     "date du depot|fecha de deposito|fecha del deposito"},
    {Field::kDepositBasis, kP, "deposit_basis", ""},
    {Field::kEntryIntoForce, kP | kT, "entry_into_force",
     "entry into force date|date of entry into force|in force from|"
     "entree en vigueur|date d'entree en vigueur|entrada en vigor|"
     "fecha de entrada en vigor"},
    {Field::kEntryIntoForceBasis, kP, "entry_into_force_basis", ""},
    {Field::kWithdrawalNotified, kP, "withdrawal_notified",
     "denunciation|withdrawal|date of withdrawal|denonciation|retrait|"
     "denuncia|retiro"},
    {Field::kEnd, kP, "end", "end date|no longer in force|fin|fecha de fin"},
    {Field::kRowStatus, kP, "row_status", "status of row"},
    {Field::kActInferred, kP, "act_inferred", ""},
    {Field::kAlpha2, kS, "alpha2", "iso2|iso alpha 2"},
    {Field::kM49, kS, "m49", "m49 code|un m49|code m49|codigo m49"},
    {Field::kUnMember, kS, "un_member",
     "un membership|membership|membre de l'onu|miembro de la onu"},
    {Field::kStatus, kS, "status", "kind|statut|estatus"},
    {Field::kRegion, kS, "m49_region", "region"},
    {Field::kSubregion, kS, "m49_subregion",
     "subregion|sub-region|sous-region|subregion m49"},
    {Field::kSpokenLanguages, kS, "languages_spoken",
     "languages|official languages|langues|idiomas"},
    {Field::kShortNameEn, kS, "short_name_en", "short name|name|english name"},
    {Field::kShortNameFr, kS, "short_name_fr", "nom court|nom|french name"},
    {Field::kShortNameEs, kS, "short_name_es",
     "nombre corto|nombre|spanish name"},
    {Field::kShortNameRu, kS, "short_name_ru", "russian name"},
    {Field::kShortNameZh, kS, "short_name_zh", "chinese name"},
    {Field::kShortNameAr, kS, "short_name_ar", "arabic name"},
    {Field::kFormalNameEn, kS, "formal_name_en", "formal name|official name"},
    {Field::kFormalNameFr, kS, "formal_name_fr", "nom officiel"},
    {Field::kFormalNameEs, kS, "formal_name_es", "nombre oficial"},
    {Field::kFormalNameRu, kS, "formal_name_ru", ""},
    {Field::kFormalNameZh, kS, "formal_name_zh", ""},
    {Field::kFormalNameAr, kS, "formal_name_ar", ""},
    {Field::kAliases, kS | kT, "aliases",
     "alias|other names|autres noms|otros nombres"},
    {Field::kFormerNames, kS, "former_names",
     "former name|anciens noms|nombres anteriores"},
    {Field::kParentState, kS, "parent", "parent state|territory of"},
    {Field::kTimeZones, kS, "time_zones", "fuseaux horaires|zonas horarias"},
    {Field::kNameSource, kS, "name_source", ""},
    {Field::kTreatyKind, kT, "kind", "type|type de traite|tipo de tratado"},
    {Field::kTitleEn, kT, "title_en", "title|full title"},
    {Field::kTitleFr, kT, "title_fr", "titre"},
    {Field::kTitleEs, kT, "title_es", "titulo"},
    {Field::kTitleRu, kT, "title_ru", ""},
    {Field::kTitleZh, kT, "title_zh", ""},
    {Field::kTitleAr, kT, "title_ar", ""},
    {Field::kShortTitleEn, kT, "short_title_en", "short title"},
    {Field::kShortTitleFr, kT, "short_title_fr", "titre court|titre abrege"},
    {Field::kShortTitleEs, kT, "short_title_es",
     "titulo corto|titulo abreviado"},
    {Field::kShortTitleRu, kT, "short_title_ru", ""},
    {Field::kShortTitleZh, kT, "short_title_zh", ""},
    {Field::kShortTitleAr, kT, "short_title_ar", ""},
    {Field::kAdopted, kT, "adopted",
     "date of adoption|opened for signature|adopte le|date d'adoption|"
     "adoptado el|fecha de adopcion"},
    {Field::kAdoptedAt, kT, "adopted_at",
     "place of adoption|lieu d'adoption|lugar de adopcion"},
    {Field::kDepositary, kT, "depositary", "depositaire|depositario"},
    {Field::kParentTreaty, kT, "parent", "supplements|complete|complementa"},
    {Field::kArticles, kT, "articles", "articulos"},
    {Field::kParticipationsAsOf, kT, "participations_as_of", ""},
    {Field::kThresholdInstruments, kT, "threshold_instruments", ""},
    {Field::kDaysAfterThreshold, kT, "days_after_threshold", ""},
    {Field::kDaysAfterDeposit, kT, "days_after_deposit", ""},
    {Field::kWithdrawalMonths, kT, "withdrawal_months", ""},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < kFieldCount; ++i) {
    if (kColumns[i].field != static_cast<Field>(i)) return false;
  }
  return sizeof(kColumns) / sizeof(kColumns[0]) == kFieldCount;
}
static_assert(InOrder(), "kColumns must follow Field");

unsigned BitOf(v1::ImportKind kind) {
  switch (kind) {
    case v1::IMPORT_KIND_STATES:
      return kS;
    case v1::IMPORT_KIND_TREATIES:
      return kT;
    case v1::IMPORT_KIND_PARTICIPATIONS:
      return kP;
    case v1::IMPORT_KIND_DESIGNATIONS:
      return kD;
    default:
      return 0;
  }
}

constexpr Field kStateFields[] = {
    Field::kAlpha2,         Field::kState,           Field::kM49,
    Field::kUnMember,       Field::kStatus,          Field::kRegion,
    Field::kSubregion,      Field::kSpokenLanguages, Field::kShortNameEn,
    Field::kShortNameFr,    Field::kShortNameEs,     Field::kShortNameRu,
    Field::kShortNameZh,    Field::kShortNameAr,     Field::kFormalNameEn,
    Field::kFormalNameFr,   Field::kFormalNameEs,    Field::kFormalNameRu,
    Field::kFormalNameZh,   Field::kFormalNameAr,    Field::kAliases,
    Field::kFormerNames,    Field::kParentState,     Field::kTimeZones,
    Field::kSourceDocument, Field::kSourceUri,       Field::kSourceKind,
    Field::kSourceAsOf,     Field::kSourceVia,       Field::kNotes};

constexpr Field kParticipationFields[] = {Field::kTreaty,
                                          Field::kState,
                                          Field::kSignatureDate,
                                          Field::kBindingAct,
                                          Field::kActInferred,
                                          Field::kDepositDate,
                                          Field::kDepositBasis,
                                          Field::kEntryIntoForce,
                                          Field::kEntryIntoForceBasis,
                                          Field::kWithdrawalNotified,
                                          Field::kEnd,
                                          Field::kSourceDocument,
                                          Field::kSourceUri,
                                          Field::kSourcePlace,
                                          Field::kSourceKind,
                                          Field::kSourceAsOf,
                                          Field::kSourceVia,
                                          Field::kSourceNote,
                                          Field::kNotes};

constexpr Field kDesignationFields[] = {Field::kId,
                                        Field::kSourceSystem,
                                        Field::kState,
                                        Field::kTreaty,
                                        Field::kArticle,
                                        Field::kFunction,
                                        Field::kAuthorityName,
                                        Field::kAuthorityNameLanguage,
                                        Field::kUnit,
                                        Field::kAuthorityKind,
                                        Field::kAuthorityLanguages,
                                        Field::kInterpolChannel,
                                        Field::kTerritory,
                                        Field::kCompetence,
                                        Field::kAddress,
                                        Field::kPostalAddress,
                                        Field::kStreetAddress,
                                        Field::kTelephone,
                                        Field::kTelephoneAndFax,
                                        Field::kTelephoneOutsideHours,
                                        Field::kFax,
                                        Field::kEmail,
                                        Field::kWebsite,
                                        Field::kOfficeHours,
                                        Field::kTimeZone,
                                        Field::kContactValidUntil,
                                        Field::kLanguages,
                                        Field::kChannels,
                                        Field::kForms,
                                        Field::kUrgentProcedure,
                                        Field::kRequiredContents,
                                        Field::kTimeLimits,
                                        Field::kNotificationDate,
                                        Field::kNotificationBasis,
                                        Field::kNotificationReference,
                                        Field::kValidFrom,
                                        Field::kValidUntil,
                                        Field::kVerifiedOn,
                                        Field::kVerifiedBy,
                                        Field::kSourceDocument,
                                        Field::kSourceUri,
                                        Field::kSourcePlace,
                                        Field::kSourceKind,
                                        Field::kSourceDate,
                                        Field::kSourceAsOf,
                                        Field::kSourceVia,
                                        Field::kSourceNote,
                                        Field::kNotes};

// The value of an override that leaves a column out.
constexpr char kLeaveOut[] = "-";

}  // namespace

absl::string_view FieldName(Field field) {
  return kColumns[static_cast<size_t>(field)].name;
}

absl::Span<const Field> FieldsOf(v1::ImportKind kind) {
  switch (kind) {
    case v1::IMPORT_KIND_STATES:
      return kStateFields;
    case v1::IMPORT_KIND_PARTICIPATIONS:
      return kParticipationFields;
    case v1::IMPORT_KIND_DESIGNATIONS:
      return kDesignationFields;
    default:
      return {};
  }
}

absl::StatusOr<Columns> Columns::Make(const v1::ImportOptions& options) {
  const unsigned kind = BitOf(options.kind());
  Columns columns;
  std::vector<absl::string_view> names;
  for (const ColumnNames& column : kColumns) {
    if ((column.kinds & kind) == 0) continue;
    const Found found = {Found::Is::kField, column.field};
    names.push_back(column.name);
    columns.by_folded_[Fold(column.name)] = found;
    for (const absl::string_view other :
         absl::StrSplit(column.others, '|', absl::SkipEmpty())) {
      columns.by_folded_.try_emplace(Fold(other), found);
    }
  }
  for (const auto& [header, name] : options.columns()) {
    Found found = {Found::Is::kLeftOut, Field::kFieldCount};
    if (name != kLeaveOut) {
      const auto* column =
          std::find_if(std::begin(kColumns), std::end(kColumns),
                       [&, &wanted = name](const ColumnNames& c) {
                         return (c.kinds & kind) != 0 && c.name == wanted;
                       });
      if (column == std::end(kColumns)) {
        return InvalidField(
            absl::StrCat("columns[", header, "]"), name,
            absl::StrCat("must be one of ", absl::StrJoin(names, ", "),
                         ", or - to leave the column out"));
      }
      found = {Found::Is::kField, column->field};
    }
    columns.by_folded_[Fold(header)] = found;
  }
  return columns;
}

Columns::Found Columns::Find(absl::string_view header) const {
  const auto found = by_folded_.find(Fold(header));
  return found == by_folded_.end() ? Found() : found->second;
}

}  // namespace comity
