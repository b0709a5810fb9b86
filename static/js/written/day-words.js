// The words of days: months, weekdays, ordinals, and which of several is meant.

export const DAYS_FROM_TODAY = new Map(
  Object.entries({
    heute: 0,
    gestern: -1,
    vorgestern: -2,
    vorvorgestern: -3,
    morgen: 1,
    übermorgen: 2,
    uebermorgen: 2,
  }),
);
const MONTHS = "januar februar märz april mai juni juli august september oktober november dezember".split(" ");
/** @type {Map<string, number>} */
export const MONTH_WORDS = new Map([
  ...MONTHS.map((month, index) => /** @type {[string, number]} */ ([month, index + 1])),
  ...Object.entries({ jan: 1, jänner: 1, jän: 1, feb: 2, febr: 2, mär: 3, mrz: 3, maerz: 3, mar: 3 }),
  ...Object.entries({ apr: 4, jun: 6, juno: 6, jul: 7, aug: 8, sep: 9, sept: 9, okt: 10, nov: 11, dez: 12 }),
]);
export const WEEKDAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
/** @type {Map<string, number>} */
export const WEEKDAY_WORDS = new Map([
  ...WEEKDAYS.map((day, index) => /** @type {[string, number]} */ ([day.toLowerCase(), index])),
  ...WEEKDAYS.map((day, index) => /** @type {[string, number]} */ ([day.toLowerCase().slice(0, 2), index])),
  ...Object.entries({ sonnabend: 5, die: 1, don: 3, mon: 0, mit: 2, fre: 4, sam: 5, son: 6 }),
]);
export const ORDINALS = new Map(
  [
    "erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft",
    "dreizehnt vierzehnt fünfzehnt sechzehnt siebzehnt achtzehnt neunzehnt zwanzigst",
    "einundzwanzigst zweiundzwanzigst dreiundzwanzigst vierundzwanzigst fünfundzwanzigst",
    "sechsundzwanzigst siebenundzwanzigst achtundzwanzigst neunundzwanzigst dreißigst einunddreißigst",
  ]
    .join(" ")
    .split(" ")
    .flatMap((stem, index) =>
      ["e", "en", "er", "em"].map((ending) => /** @type {[string, number]} */ ([stem + ending, index + 1])),
    ),
);
export const WHICH = new Map(
  /** @type {[number, string][]} */ ([
    [-2, "vorletzten vorletzte vorletzter"],
    [-1, "letzten letzte letzter letztes vergangenen vergangene vergangener vorigen vorige voriger"],
    [0, "diesen diese dieser dieses"],
    [1, "nächsten nächste nächster kommenden kommende kommender"],
  ]).flatMap(([away, words]) => words.split(" ").map((word) => /** @type {[string, number]} */ ([word, away]))),
);
