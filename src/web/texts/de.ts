import { capitalize, type Terms } from '../../domain/vocabulary.ts';
import type { PageTexts } from './en.ts';

const all = (say: Terms, ...[term]: Parameters<Terms>) => capitalize(say(term, 'several'));

// Without articles before a school's own words: nobody tells us their gender or their cases.
export const de: PageTexts = {
  layout: {
    skip: 'Zum Inhalt',
    main: 'Hauptmenü',
    more: 'Weiteres',
    verify: 'Badge prüfen',
    about: 'Über dieses Cairn',
    reference: 'API-Referenz',
    footer: {
      before: 'Cairn stellt aus und prüft: ',
      after: ', digitale Nachweise, die alle ohne Konto prüfen können.',
    },
  },
  rubric: {
    step: (number) => `Schritt ${number}`,
    none: 'Kein Ergebnis',
    reached: 'Erreicht',
    required: 'Verlangt',
    result: 'Ergebnis',
    statuses: {
      Completed: 'Abgeschlossen',
      Enrolled: 'Angemeldet',
      Failed: 'Nicht bestanden',
      InProgress: 'In Arbeit',
      OnHold: 'Angehalten',
      Provisional: 'Vorläufig',
      Withdrew: 'Zurückgezogen',
    },
  },
  achievement: {
    kinds: {
      microcredential: (say) => capitalize(say('microcredential')),
      boss: (say) => `${capitalize(say('boss'))}: verbindet mehrere Fähigkeiten (${say('level')})`,
      level: (say) => `Bescheinigt: ${say('level')}`,
      credit: (say) => capitalize(say('credit')),
    },
    kind: 'Art',
    issuedBy: 'Ausgestellt von',
    version: 'Fassung',
    published: (number) => `${number}, veröffentlicht am `,
    picture: (name) => `Badge: ${name}`,
    retired: (say) =>
      `Wird nicht mehr vergeben (${say('achievement')}). Was vergeben wurde, bleibt, wie es ist.`,
    old: (number) => `Das ist Fassung ${number}, wie sie in dem steht, was dafür vergeben wurde. `,
    newest: 'Zur neuesten Fassung',
    about: 'Wofür es steht',
    criteria: 'Was zu zeigen ist',
    handIn: (say) => `Was einzureichen ist: ${say('evidence', 'several')}`,
    welcome: 'Willkommen ist; anderes wird deswegen nicht abgelehnt:',
    subjects: 'Fächer',
    rubric: (say) => `Wie geurteilt wird: ${say('rubric')}`,
    caption: (say) =>
      `${capitalize(say('criterion', 'several'))}, ihre Schritte, und was verlangt ist`,
    standards: (say) => all(say, 'standard'),
    decides: 'Wer entscheidet, und wie',
    policy: (say) => `Die Regeln (${say('school')})`,
    selfAssessment: (say) =>
      `Wer hier etwas einreicht, beurteilt es auch selbst, mit denselben Schritten (${say('rubric')}).`,
  },
  standard: {
    eyebrow: (say) => capitalize(say('standard')),
    about: 'Wo es steht',
    framework: (say) => capitalize(say('framework')),
    kind: 'Art',
    grade: 'Jahrgang',
    state: 'Stand',
    retired: 'Zurückgezogen: nichts Neues verweist darauf',
    current: 'In Gebrauch',
  },
  school: {
    eyebrow: (say) => capitalize(say('school')),
    description: (name) =>
      `${name}: was hier bis zum Können gelernt wird, und wie entschieden wird.`,
    about: 'Über uns',
    website: 'Website',
    email: 'E-Mail',
    identity: 'Kennung als Aussteller',
    policy: 'Wie wir entscheiden, was gekonnt ist',
    policyNote: 'Aus den Einstellungen gemacht, die gerade gelten.',
    framework: 'Was wir allen versprechen, die hier abschließen',
    achievements: (say) => `${all(say, 'achievement')}, die es hier gibt`,
    none: 'Noch ist nichts veröffentlicht.',
    more: 'Ältere zeigen',
  },
  letters: {
    title: 'Den wöchentlichen Brief abbestellen?',
    text: (say) =>
      `Er käme dann nicht mehr per E-Mail. Sonst bleibt alles, wie es ist (${say('school')}).`,
    button: 'Abbestellen',
    stopped: 'Der wöchentliche Brief ist abbestellt',
    done: (say) =>
      `Es kommt keiner mehr per E-Mail. Wer ihn wieder möchte, sagt es bitte (${say('school')}).`,
  },
  issuer: {
    eyebrow: 'Aussteller',
    description: (name) => `${name} stellt hier Open Badges aus.`,
    about: 'Über diesen Aussteller',
    identity: 'Kennung',
    signed: (say) =>
      `Alles, was hier ausgestellt wird (${say('badge', 'several')}), ist mit einem Schlüssel unterschrieben, der unter dieser Kennung veröffentlicht ist.`,
    keys: 'Zu den Schlüsseln',
    school: (say) => `Was es hier gibt (${say('school')})`,
  },
  learningFramework: {
    title: 'Was wir versprechen',
    heading: (school) => `${school}: was wir versprechen`,
    description: (school) =>
      `${school}: was allen versprochen wird, die hier abschließen, und was das hier Erworbene bedeutet.`,
    changed: 'Zuletzt geändert am ',
    graduates: 'Was alle können, die hier abschließen',
    tiers: { foundational: 'grundlegend', advanced: 'weiterführend' },
  },
  policy: {
    title: 'Wie entschieden wird',
    heading: (school) => `${school}: wie entschieden wird, was gekonnt ist`,
    description: (school) => `${school}: die Regeln, wie sie jetzt gelten.`,
    lead: 'Diese Seite wird aus den Einstellungen gemacht, die jetzt gelten. Sie ändert sich mit ihnen.',
    prose: 'In unseren eigenen Worten',
    judging: 'Wie Arbeiten beurteilt werden',
    rubric: (say) =>
      `${all(say, 'achievement')} sagen vorab, was zu zeigen ist. ${all(say, 'rubric')} haben je Zeile: ${say('criterion')}, mit Schritten vom niedrigsten zum höchsten. In jeder Zeile ist ein Schritt verlangt.`,
    required: (say) =>
      `Eine Arbeit ist anerkannt, wenn alle ${say('criterion', 'several')} den verlangten Schritt erreichen oder übertreffen. Zeilen werden weder gemittelt noch zusammengezählt: mehr in einer gleicht weniger in einer anderen nicht aus.`,
    readers: {
      never: (say) => `Eine Person entscheidet (${say('teacher')}).`,
      boss: (say) =>
        `Eine Person entscheidet (${say('teacher')}). Für ${say('boss', 'several')} müssen zwei zustimmen, jede für sich.`,
      always: () => 'Zwei Personen müssen zustimmen, jede für sich.',
    },
    ownWork: 'Niemand beurteilt die eigene Arbeit.',
    override: (say) =>
      `Nur die Leitung (${say('school')}) darf anerkennen, was unter einem verlangten Schritt liegt, und nur mit schriftlicher Begründung, die festgehalten wird.`,
    selfAssessment: (say) =>
      `Wer etwas einreicht, darf es auch selbst beurteilen, mit denselben Schritten (${say('rubric')}); wo das verlangt ist, gehört es dazu (${say('submission')}). Es hilft beim Urteilen und entscheidet nichts.`,
    again: 'Zeit, und ein neuer Versuch',
    againText: (say) =>
      `Was noch nicht so weit ist, kommt mit Rückmeldung zurück und darf wieder eingereicht werden, so oft es eben dauert. Kein Datum lässt jemanden durchfallen, und auch keine Anzahl (${say('submission', 'several')}).`,
    levels: (say) => all(say, 'level'),
    levelsText: (say) =>
      `Bescheinigt wird, sobald genug von dem da ist, was dazugehört (${say('level')}). Es dauert, so lange es dauert.`,
    rule: {
      share: (say, { pool, percent, needed }) =>
        `Mindestens ${percent} von allem, was dazugehört: derzeit ${needed} von ${pool} (${say('achievement', pool)}).`,
      count: (say, { pool, minCount }) =>
        `Mindestens ${minCount} von ${pool} (${say('achievement', pool)}).`,
      both: (say, { pool, percent, minCount, needed }) =>
        `Mindestens ${percent} von allem, was dazugehört, und mindestens ${minCount}: derzeit ${needed} von ${pool} (${say('achievement', pool)}).`,
      mustHave: 'In jedem Fall:',
      bossAll: (say, count) => `Und am Ende (${say('boss', count)}):`,
      bossAny: (say) => `Und am Ende eines davon (${say('boss', 'several')}):`,
      previous: (say) => `Zuerst muss bescheinigt sein, was davor kommt (${say('level')}).`,
      certify: {
        'by-rule': 'Bescheinigt wird in dem Augenblick, in dem all das da ist.',
        'by-person': 'Wenn all das da ist, sieht es sich jemand an und bescheinigt es.',
      },
    },
    signed: 'Was unterschrieben wird, und wer es sieht',
    signedText: (say) =>
      `Was erreicht ist, wird als Open Badge digital unterschrieben. Es nennt ${say('criterion', 'several')}, ${say('standard', 'several')} und ${say('evidence', 'several')}, und alle können es prüfen, ohne jemanden zu fragen.`,
    named: {
      true: 'Es enthält den Namen, und die E-Mail-Adresse nur als Fingerabdruck.',
      false: 'Es enthält keinen Namen, und die E-Mail-Adresse nur als Fingerabdruck.',
    },
    visibility: {
      private: 'Es ist nicht öffentlich, bis wer es erworben hat es öffentlich macht.',
      public:
        'Es ist nicht öffentlich, bis wer es erworben hat es öffentlich macht. Was Erwachsene erwerben, ist öffentlich, bis sie es schließen.',
    },
    rollUp: {
      title: 'Wie aus mehreren Urteilen eines wird',
      rules: {
        highest: 'Es zählt der höchste Schritt, der je gefunden wurde.',
        latest: 'Es zählt der Schritt, der zuletzt gefunden wurde.',
        mode: (last) =>
          `Von den letzten ${last} Urteilen zählt der häufigste Schritt; bei gleich häufigen der jüngere.`,
        'decaying-average': (percent) =>
          `Das letzte Urteil wiegt ${percent}, alle davor zusammen den Rest, auf dieselbe Weise. Es zählt der höchste Schritt, den das erreicht.`,
        'n-times': (times) =>
          `Es zählt der höchste Schritt, der mindestens ${times}-mal erreicht wurde.`,
      },
      example: (steps, found) =>
        found === undefined
          ? `Ein Beispiel: mit den Schritten ${steps} von 4, in dieser Reihenfolge, gibt es noch keine Schätzung.`
          : `Ein Beispiel: mit den Schritten ${steps} von 4, in dieser Reihenfolge, ist die Schätzung Schritt ${found}.`,
      override:
        'Von Hand darf eine andere Schätzung gesetzt werden, nur mit Begründung. Sie wird als solche gezeigt und festgehalten.',
    },
    support: {
      title: 'Wann sich jemand kümmert',
      text: (say) =>
        `Diese Tatsachen, und keine Vermutungen über irgendwen, führen dazu, dass sich jemand kümmert (${say('school')}, ${say('learner')}). Sie halten niemandes Uhr an.`,
      days: (days) => `${days} Tage lang gab es nichts Neues.`,
      sentBack: (times) => `Dieselbe Arbeit kam ${times}-mal zurück.`,
      behindPace: () => 'Das selbst gewählte Tempo wird nicht gehalten.',
      missingLevel: (say) =>
        `Etwas wird eingereicht, obwohl fehlt, was davor kommt (${say('level')}).`,
      pauses: 'Ferien zählen für niemanden.',
      seen: {
        true: (say) =>
          `Wer lernt, erfährt es in einfachen Worten, und die Familie auch (${say('guardian', 'several')}).`,
        false: (say) => `Die Familie sieht es nicht, nur wer hier arbeitet (${say('school')}).`,
      },
    },
    consent: {
      title: 'Wozu die Familie Ja sagen muss',
      text: (say) =>
        `Bei Minderjährigen wartet das, bis jemand zugestimmt hat (${say('guardian', 'several')}); zurücknehmen geht jederzeit:`,
      scopes: {
        public: () => 'etwas öffentlich machen',
        share: () => 'etwas mit einem Link teilen',
        mentoring: (say) => `Hilfe von anderen (${say('learner', 'several')})`,
        digest: () => 'ein wöchentlicher Brief über das, was war',
      },
    },
    calibration: {
      title: 'Ob wir gleich urteilen',
      text: (say, percent) =>
        `Von dem, was eine Person allein beurteilt hat, wird etwa ${percent} noch einmal beurteilt (${say('review', 'several')}), von jemandem, der weder weiß, von wem es ist, noch, was zuerst gefunden wurde. Es ändert keine Entscheidung; es zeigt, wie oft wir uns einig sind.`,
      kinds: (kinds) => `Das geschieht nur hierfür: ${kinds}.`,
    },
    courses: (say) =>
      `Eine Arbeit darf mehrfach zählen, in verschiedenen Fächern (${say('achievement', 'several')}, ${say('framework', 'several')}). Über jeden Teil wird einzeln geurteilt.`,
    mentoring: {
      title: 'Hilfe untereinander',
      text: (say) =>
        `Wer hier etwas erworben hat, darf anbieten, anderen dabei zu helfen; das gilt auch für: ${say('mentor', 'several')}. Beide müssen zustimmen; erst dann erfahren Minderjährige den Namen der anderen Person.`,
      consent: (say) =>
        `Bei Minderjährigen muss zuerst die Familie zustimmen (${say('guardian', 'several')}).`,
    },
    digest: {
      title: 'Jede Woche ein Brief',
      text: (readers) =>
        `Was in der Woche war, steht in einem Brief an: ${readers}. Wer ihn nicht möchte, bestellt ihn ab.`,
    },
    withdrawn: 'Ausgesetzt und zurückgezogen',
    suspended:
      'Ausgesetzt heißt: zählt vorerst nicht, bis es wieder eingesetzt wird, was jederzeit geschehen kann.',
    revoked:
      'Widerrufen heißt: für immer zurückgezogen, zählt nie wieder. Wer es prüft, erfährt das, aber nicht den Grund.',
    recorded: 'Was festgehalten wird',
    recordedText:
      'Anerkennen, gegen die Regel anerkennen, aussetzen, zurückziehen und das Ändern dieser Einstellungen wird festgehalten: wer es war und wann, und die Begründung, wo eine verlangt ist. Die Einträge sind verkettet, damit eine Lücke auffiele.',
  },
};
