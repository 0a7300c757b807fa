import type { Texts } from './texts.ts'

export const drillsInPortuguese: Texts['drills'] = {
  stress: {
    name: 'Estresse no banco de dados',
    text: 'Com muitos clientes ao mesmo tempo no PgBouncer e no PostgreSQL, nenhuma transação falha e o servidor não passa do seu limite de conexões.',
  },
  'lag-under-load': {
    name: 'Atraso da replicação sob carga',
    text: 'Durante uma escrita intensa, cada réplica fica dentro do atraso permitido e se recupera assim que a carga termina.',
  },
  'pool-exhaustion': {
    name: 'Pool de conexões esgotado',
    text: 'Quando chegam muito mais clientes do que há conexões, eles esperam em vez de falhar, o alerta é emitido e o outro banco de dados continua disponível.',
  },
  'tls-and-passwords': {
    name: 'TLS e política de senhas',
    text: 'Conexões sem criptografia, versões antigas de TLS, senhas erradas e conexões sem senha são recusadas; o servidor guarda somente verificadores SCRAM.',
  },
  'port-exposure': {
    name: 'Portas expostas',
    text: 'A partir de cada rede, cada nó mostra exatamente as portas que a definição abre para ela, e nenhuma outra.',
  },
  restore: {
    name: 'Backup e restauração',
    text: 'O backup mais recente pode ser restaurado em um servidor vazio dentro do prazo prometido, e cada linha é igual à original.',
  },
  'store-unreachable': {
    name: 'Repositório de backups inacessível',
    text: 'Um backup que não alcança o repositório falha de forma visível, não deixa nada que pareça um backup e volta a funcionar depois.',
  },
  'point-in-time': {
    name: 'Recuperação para um ponto no tempo',
    text: 'O banco de dados pode voltar ao momento imediatamente anterior a um erro: o que foi gravado antes está lá; o que veio depois, não.',
  },
  'replica-cut-off': {
    name: 'Réplica isolada',
    text: 'Quando uma réplica perde o contato com o primário, o alerta é emitido em até duas consultas e, depois, a réplica se recupera sozinha.',
  },
  'disk-filling': {
    name: 'Disco enchendo',
    text: 'Quando o disco do primário enche, o alerta chega enquanto ainda há tempo de agir, e nada do que foi confirmado se perde.',
  },
  'secret-rotation': {
    name: 'Troca de senhas',
    text: 'A aplicação recebe uma senha nova enquanto trabalha, sem que uma única requisição falhe.',
  },
  failover: {
    name: 'Perda do primário e promoção da réplica',
    text: 'Quando o primário se perde, uma réplica assume dentro do prazo prometido, nenhuma linha confirmada de forma síncrona se perde e a aplicação volta a responder.',
  },
  rejoin: {
    name: 'Retorno do antigo primário',
    text: 'O antigo primário volta como réplica do novo, replica a partir dele e contém as mesmas linhas.',
  },
}
