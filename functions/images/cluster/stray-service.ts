import type { GuestShell } from '../../platform/qemu/guest-shell.ts'
import { strayPort } from './expected-ports.ts'

/** Answers on one port, TCP and UDP, IPv4 and IPv6; with what it was sent, and with a greeting. Arguments: the port. */
export const answerProgram = `
import socket, sys, threading
port = int(sys.argv[1])
def serve_tcp():
    server = socket.create_server(('::', port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)
    while True:
        client, _ = server.accept()
        try:
            client.sendall(b'ballast\\n')
            client.close()
        except OSError:
            pass
def serve_udp():
    server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.bind(('::', port))
    while True:
        data, sender = server.recvfrom(512)
        server.sendto(data, sender)
threading.Thread(target=serve_udp, daemon=True).start()
serve_tcp()
`

const selfTest = `
import socket, sys
port = int(sys.argv[1])
assert socket.create_connection(('127.0.0.1', port), 10).recv(16) == b'ballast\\n'
asker = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
asker.settimeout(10)
asker.sendto(b'hello', ('::1', port))
assert asker.recv(16) == b'hello'
`

/** Lets something answer on {@link strayPort}, and makes sure that it does: silence from outside is the firewall's then. */
export async function startStrayService(shell: GuestShell): Promise<void> {
  const unit = 'lab-stray-service'
  await shell.run(['systemd-run', '--quiet', `--unit=${unit}`, 'python3', '-c', answerProgram, String(strayPort)])
  const attempts = 'for _ in 1 2 3 4 5 6 7 8 9 10; do python3 -c "$1" "$2" && exit; sleep 1; done; exit 1'
  await shell.run(['sh', '-c', attempts, 'sh', selfTest, String(strayPort)])
}
