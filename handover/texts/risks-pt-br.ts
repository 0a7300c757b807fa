import type { RiskTexts } from './texts.ts'

const tests = (count: number): string => (count === 1 ? '1 teste' : `${count} testes`)

export const risksInPortuguese: RiskTexts = {
  failedTest: (test) => `${test}: o teste falhou.`,
  missedGoal: (goal) => `${goal}: a meta não foi atingida.`,
  unprovenGoal: (goal) => `${goal}: a meta não está comprovada.`,
  notTested: (tests) => `Não testados: ${tests}. Não se sabe como o cluster se comporta nesses casos.`,
  testedInPart: (test) => `${test}: testado apenas em parte; o que falta está indicado acima.`,
  laterAttempt: (test) => `${test}: foi aprovado, mas uma tentativa posterior não chegou a um resultado.`,
  thinMargin: (goal) =>
    `${goal}: meta atingida com folga inferior a 10 %; um pouco mais de carga ou de dados pode ultrapassá-la.`,
  sandbox: (count, of) =>
    `${tests(count)} de ${of} ${count === 1 ? 'foi executado' : 'foram executados'} em um sandbox, um ambiente de simulação em uma única máquina que também gerou a carga. Isso comprova os procedimentos e o software, não a capacidade nem a rede das máquinas do cliente.`,
  uncommitted: (count) =>
    `${tests(count)} com uma definição que não estava registrada em um commit exatamente como foi usada, ou fora de um repositório.`,
  imageFailed: (image) => `Imagem ${image}: houve verificações que falharam.`,
  imageUntested: (image) => `Imagem ${image}: nunca foi testada.`,
  imageOutdated: (image) => `Imagem ${image}: foi gerada a partir de outra definição.`,
  noBackup: (database) => `Banco de dados ${database}: não há backup dele no repositório.`,
  unprovenBackup: (database) => `Banco de dados ${database}: nenhum backup dele foi comprovado por uma restauração.`,
  differentBackup: (database) => `Banco de dados ${database}: a restauração do backup não ficou igual ao original.`,
}
