import { capitalize, type Terms } from '../../domain/vocabulary.ts';
import type { PageTexts } from './en.ts';

const all = (say: Terms, ...[term]: Parameters<Terms>) => capitalize(say(term, 'several'));

// Without articles before a school's own words: nobody tells us their gender.
export const es: PageTexts = {
  layout: {
    skip: 'Ir al contenido',
    main: 'Principal',
    more: 'Más',
    verify: 'Verificar una insignia',
    about: 'Sobre este Cairn',
    reference: 'Referencia de la API',
    footer: {
      before: 'Cairn emite y comprueba ',
      after: ': credenciales digitales que cualquiera puede verificar, sin cuenta.',
    },
  },
  rubric: {
    step: (number) => `Paso ${number}`,
    none: 'Sin resultado',
    reached: 'Alcanzado',
    required: 'Necesario',
    result: 'Resultado',
    statuses: {
      Completed: 'Completado',
      Enrolled: 'Inscrito',
      Failed: 'No superado',
      InProgress: 'En curso',
      OnHold: 'En pausa',
      Provisional: 'Provisional',
      Withdrew: 'Retirado',
    },
  },
  achievement: {
    kinds: {
      microcredential: (say) => capitalize(say('microcredential')),
      boss: (say) =>
        `${capitalize(say('boss'))}: reúne varias destrezas de un mismo ${say('level')}`,
      level: (say) => `Certifica: ${say('level')}`,
      credit: (say) => capitalize(say('credit')),
    },
    kind: 'Tipo',
    issuedBy: 'Emisor',
    version: 'Versión',
    published: (number) => `${number}, publicada el `,
    picture: (name) => `Insignia: ${name}`,
    retired: (say) => `Ya no se concede (${say('achievement')}). Lo concedido sigue como está.`,
    old: (number) => `Esta es la versión ${number}, tal como la cita lo que se concedió por ella. `,
    newest: 'Ver la versión más reciente',
    about: 'Qué significa',
    criteria: 'Qué hay que demostrar',
    handIn: (say) => `Qué se entrega: ${say('evidence', 'several')}`,
    welcome: 'Se acepta con gusto; nada se rechaza por ser de otra clase:',
    subjects: 'Materias',
    rubric: (say) => `Cómo se valora: ${say('rubric')}`,
    caption: (say) => `Los pasos de cada ${say('criterion')}, y cuál hace falta`,
    standards: (say) => all(say, 'standard'),
    decides: 'Quién decide, y cómo',
    policy: (say) => `Política de dominio (${say('school')})`,
    selfAssessment: (say) =>
      `Quien entrega algo lo valora también, con los mismos pasos (${say('rubric')}).`,
  },
  standard: {
    eyebrow: (say) => capitalize(say('standard')),
    about: 'Dónde se encuentra',
    framework: (say) => capitalize(say('framework')),
    kind: 'Tipo',
    grade: 'Curso escolar',
    state: 'Estado',
    retired: 'Retirado: nada nuevo remite a él',
    current: 'En uso',
  },
  school: {
    eyebrow: (say) => capitalize(say('school')),
    description: (name) => `Qué se aprende hasta dominarlo en ${name}, y cómo se decide.`,
    about: 'Quiénes somos',
    website: 'Sitio web',
    email: 'Correo electrónico',
    identity: 'Identidad como emisor',
    policy: 'Cómo decidimos qué se domina',
    policyNote: 'Hecha a partir de los ajustes vigentes.',
    framework: 'Lo que prometemos a quien se gradúa',
    achievements: (say) => `${all(say, 'achievement')}: lo que se puede conseguir aquí`,
    none: 'Todavía no hay nada publicado.',
    more: 'Ver anteriores',
  },
  letters: {
    title: '¿Dejar de recibir la carta semanal?',
    text: (say) => `Ya no le llegaría por correo. Todo lo demás sigue igual (${say('school')}).`,
    button: 'No recibirla más',
    stopped: 'Ya no recibirá la carta semanal',
    done: (say) =>
      `No se le envía ninguna más. Si la quiere de nuevo, basta con decirlo (${say('school')}).`,
  },
  issuer: {
    eyebrow: 'Emisor',
    description: (name) => `${name} emite aquí Open Badges.`,
    about: 'Sobre este emisor',
    identity: 'Identidad',
    signed: (say) =>
      `Todo lo que emite (${say('badge', 'several')}) se firma con una clave publicada bajo esta identidad.`,
    keys: 'Ver sus claves',
    school: (say) => `Lo que se puede conseguir aquí (${say('school')})`,
  },
  learningFramework: {
    title: 'Marco de aprendizaje',
    heading: (school) => `${school}: marco de aprendizaje`,
    description: (school) =>
      `${school}: lo que se promete a quienes terminan aquí, y qué significan sus créditos.`,
    changed: 'Último cambio: ',
    graduates: 'Lo que sabe hacer todo el que termina aquí',
    tiers: { foundational: 'básico', advanced: 'avanzado' },
  },
  policy: {
    title: 'Política de dominio',
    heading: (school) => `Cómo se decide en ${school} qué se domina`,
    description: (school) => `Las reglas de ${school}, tal como están ahora.`,
    lead: 'Esta página se hace con los ajustes vigentes en este momento. Cambia cuando cambian ellos.',
    prose: 'En nuestras propias palabras',
    judging: 'Cómo se valora el trabajo',
    rubric: (say) =>
      `Cada ${say('achievement')} dice de antemano qué hay que demostrar. Cada ${say('rubric')} tiene una fila por cada ${say('criterion')}, con pasos de menor a mayor. En cada fila hay un paso que es necesario.`,
    required: (say) =>
      `El trabajo se aprueba cuando cada ${say('criterion')} llega al paso necesario o lo supera. Las filas no se promedian ni se suman: más en una no compensa menos en otra.`,
    readers: {
      never: (say) => `Decide una sola persona (${say('teacher')}).`,
      boss: (say) =>
        `Decide una sola persona (${say('teacher')}). Para ${say('boss', 'several')} tienen que aprobar dos, cada una por su cuenta.`,
      always: () => 'Tienen que aprobar dos personas, cada una por su cuenta.',
    },
    ownWork: 'Nadie valora su propio trabajo.',
    override: (say) =>
      `Solo la dirección (${say('school')}) puede aprobar lo que queda por debajo de un paso necesario, y solo con una razón por escrito, que queda registrada.`,
    selfAssessment: (say) =>
      `Quien entrega algo puede valorarlo también, con los mismos pasos (${say('rubric')}); donde se pide, forma parte de lo entregado (${say('submission')}). Ayuda a quien valora y no decide nada.`,
    again: 'Tiempo y otra oportunidad',
    againText: (say) =>
      `El trabajo que todavía no llega vuelve con comentarios y se puede presentar otra vez, tantas veces como haga falta. Ninguna fecha ni ningún número de ${say('submission', 'several')} hace suspender a nadie.`,
    levels: (say) => all(say, 'level'),
    levelsText: (say) =>
      `Cada ${say('level')} se certifica cuando se tiene lo suficiente de lo que le corresponde. Se tarda lo que se tarda.`,
    rule: {
      share: (say, { pool, percent, needed }) =>
        `Al menos el ${percent} de lo que le corresponde: ${needed} de ${pool} ${say('achievement', pool)} en este momento.`,
      count: (say, { pool, minCount }) =>
        `Al menos ${minCount} de ${pool} ${say('achievement', pool)}.`,
      both: (say, { pool, percent, minCount, needed }) =>
        `Al menos el ${percent} de lo que le corresponde, y al menos ${minCount}: ${needed} de ${pool} ${say('achievement', pool)} en este momento.`,
      mustHave: 'En todo caso:',
      bossAll: (say, count) => `Y, al final (${say('boss', count)}):`,
      bossAny: (say) => `Y, al final, una cosa de estas (${say('boss', 'several')}):`,
      previous: (say) => `Antes tiene que estar certificado lo anterior (${say('level')}).`,
      certify: {
        'by-rule': 'Se certifica en el momento en que está todo eso.',
        'by-person': 'Cuando está todo eso, una persona lo mira y lo certifica.',
      },
    },
    signed: 'Qué se firma y quién lo ve',
    signedText: (say) =>
      `Lo alcanzado se firma como una Open Badge. Cita ${say('criterion', 'several')}, ${say('standard', 'several')} y ${say('evidence', 'several')}, y cualquiera puede verificarla sin preguntar a nadie.`,
    named: {
      true: 'Contiene el nombre de quien la obtuvo, y su correo electrónico solo como huella.',
      false: 'No contiene el nombre de quien la obtuvo, y su correo electrónico solo como huella.',
    },
    visibility: {
      private: 'Es privada hasta que quien la obtuvo la abre al público.',
      public:
        'Es privada hasta que quien la obtuvo la abre al público. La de una persona adulta es pública hasta que la cierra.',
    },
    rollUp: {
      title: 'Cómo varias valoraciones se vuelven una',
      rules: {
        highest: 'Cuenta el paso más alto que se haya encontrado alguna vez.',
        latest: 'Cuenta el paso que se encontró al final.',
        mode: (last) =>
          `De las últimas ${last} valoraciones cuenta el paso más frecuente; entre igual de frecuentes, el más reciente.`,
        'decaying-average': (percent) =>
          `Lo último pesa un ${percent}, y todo lo anterior junto el resto, del mismo modo. Cuenta el paso más alto que se alcanza así.`,
        'n-times': (times) => `Cuenta el paso más alto que se alcanzó al menos ${times} veces.`,
      },
      example: (steps, found) =>
        found === undefined
          ? `Un ejemplo: con los pasos ${steps} de 4, en este orden, todavía no hay estimación.`
          : `Un ejemplo: con los pasos ${steps} de 4, en este orden, la estimación es el paso ${found}.`,
      override:
        'Una persona puede poner otra estimación a mano, solo con una razón. Se muestra como tal y queda registrada.',
    },
    support: {
      title: 'Cuándo interviene alguien',
      text: (say) =>
        `Estos hechos, y ninguna suposición sobre nadie, hacen que alguien se ocupe (${say('school')}, ${say('learner')}). No paran el reloj de nadie.`,
      days: (days) => `No hubo nada nuevo durante ${days} días.`,
      sentBack: (times) => `El mismo trabajo se devolvió ${times} veces.`,
      behindPace: () => 'No se mantiene el ritmo elegido.',
      missingLevel: (say) => `Se entrega un trabajo aunque falta lo anterior (${say('level')}).`,
      pauses: 'Las vacaciones no cuentan para nadie.',
      seen: {
        true: (say) =>
          `Quien aprende y su familia (${say('guardian', 'several')}) lo ven, en palabras sencillas.`,
        false: () => 'Solo lo ve el personal.',
      },
    },
    consent: {
      title: 'En qué tiene que consentir la familia',
      text: (say) =>
        `En el caso de menores, esto espera hasta que alguien de su familia (${say('guardian', 'several')}) lo consienta, y puede retirarse en cualquier momento:`,
      scopes: {
        public: () => 'abrir algo al público',
        share: () => 'compartir algo con un enlace',
        mentoring: (say) => `la ayuda de otras personas (${say('learner', 'several')})`,
        digest: () => 'una carta semanal sobre lo ocurrido',
      },
    },
    calibration: {
      title: 'Si valoramos igual',
      text: (say, percent) =>
        `De lo que ha valorado una sola persona, alrededor del ${percent} se valora otra vez (${say('review', 'several')}), por alguien que no sabe de quién es ni qué se encontró primero. No cambia ninguna decisión; muestra cuántas veces coincidimos.`,
      kinds: (kinds) => `Se hace solo con esto: ${kinds}.`,
    },
    courses: (say) =>
      `Un mismo trabajo puede contar más de una vez, en materias distintas (${say('achievement', 'several')}, ${say('framework', 'several')}). Cada parte se valora por separado.`,
    mentoring: {
      title: 'Ayuda mutua',
      text: (say) =>
        `Quien ha conseguido algo aquí puede ofrecerse a ayudar a otras personas con ello, y también: ${say('mentor', 'several')}. Ambas partes tienen que aceptar; solo entonces conocen los menores el nombre de la otra persona.`,
      consent: (say) =>
        `En el caso de menores, antes tiene que aceptarlo alguien de su familia (${say('guardian', 'several')}).`,
    },
    digest: {
      title: 'Una carta cada semana',
      text: (readers) =>
        `Lo que pasó en la semana se cuenta por carta a: ${readers}. Quien no la quiera puede darse de baja.`,
    },
    withdrawn: 'En suspenso y retirada',
    suspended:
      'Suspendida quiere decir en espera: no cuenta hasta que se restablece, lo que puede ocurrir en cualquier momento.',
    revoked:
      'Revocada quiere decir retirada para siempre: no vuelve a contar. A quien la verifica se le dice, pero no el motivo.',
    recorded: 'Qué queda registrado',
    recordedText:
      'Aprobar, aprobar contra la regla, suspender, retirar y cambiar estos ajustes queda registrado con quién lo hizo y cuándo, y con el motivo donde se pide. Los registros están encadenados, de modo que un hueco se notaría.',
  },
};
