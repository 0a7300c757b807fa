export type Language = 'en' | 'pt-BR'

/** What is told: an event of an alert, or a test of the channels. */
export type MessageType = 'raise' | 'worse' | 'reminder' | 'recovery' | 'forgotten' | 'test'

type TextName =
  | MessageType
  | 'critical'
  | 'warning'
  | 'whatToDo'
  | 'since'
  | 'lasting'
  | 'lasted'
  | 'runbook'
  | 'forgottenWhy'
  | 'testWhy'
  | 'testHint'

/** Every text of a message but what the checks found, in every language. */
export const texts: Readonly<Record<Language, Readonly<Record<TextName, string>>>> = {
  en: {
    raise: 'ALERT',
    worse: 'WORSE',
    reminder: 'STILL',
    recovery: 'RESOLVED',
    forgotten: 'CLOSED',
    test: 'TEST',
    critical: 'critical',
    warning: 'warning',
    whatToDo: 'What to do',
    since: 'Since',
    lasting: 'for',
    lasted: 'It lasted',
    runbook: 'Runbook',
    forgottenWhy: 'Nothing has looked at this for a week, so the alert is closed. It was last:',
    testWhy: 'This is a test of the alert channels of Ballast; nothing is wrong.',
    testHint: 'Nothing. Where it opened an incident, resolve it.',
  },
  'pt-BR': {
    raise: 'ALERTA',
    worse: 'PIOROU',
    reminder: 'CONTINUA',
    recovery: 'RESOLVIDO',
    forgotten: 'ENCERRADO',
    test: 'TESTE',
    critical: 'crítico',
    warning: 'aviso',
    whatToDo: 'O que fazer',
    since: 'Desde',
    lasting: 'há',
    lasted: 'Durou',
    runbook: 'Procedimento',
    forgottenWhy: 'Nada verifica isto há uma semana, por isso o alerta foi encerrado. A última situação era:',
    testWhy: 'Este é um teste dos canais de alerta do Ballast; não há nada de errado.',
    testHint: 'Nada. Se abriu um incidente, encerre-o.',
  },
}
