#!/bin/bash
# Makes images from the node's own packages, as none can be fetched: of a small application, of Redis, and one in Traefik's place
# that says who connects to 80, and sends back what it gets on 443. Run on a docker node. Usage: make-images.sh TAG..., where TAG is
# a version of the application, with -sick after it for one whose web never becomes healthy, -idle for one whose worker ends at once.
set -euo pipefail
application=registry.example.com/shop

program() {
  printf '#!/bin/sh\n%s\n' "$2" >"$1"
  chmod 755 "$1"
}

# A tree with all of busybox; says where it is.
small_system() {
  local root name
  root=$(mktemp -d)
  mkdir -p "$root"/{bin,tmp}
  cp /bin/busybox "$root/bin/busybox"
  for name in $(busybox --list); do
    [[ $name == busybox ]] || ln -s busybox "$root/bin/$name"
  done
  echo "$root"
}

import() {
  tar --directory "$1" --create . | docker import "${@:3}" - "$2" >/dev/null
}

make_application() {
  local tag=$1 root
  root=$(small_system)
  mkdir "$root/www"
  local run='trap "exit 0" TERM; while :; do sleep 1 & wait $!; done'
  program "$root/bin/serve" "httpd -p 3000 -h /www; httpd -p 28080 -h /www; $run"
  program "$root/bin/worker" "$run"
  program "$root/bin/scheduler" "$run"
  program "$root/bin/alive" 'exit 0'
  echo "$tag" >"$root/www/version"
  [[ $tag == *-sick ]] || echo ok >"$root/www/up"
  if [[ $tag == *-idle ]]; then program "$root/bin/worker" 'echo "nothing to do"; exit 3'; fi
  import "$root" "$application:$tag" --change 'CMD ["/bin/serve"]'
}

make_redis() {
  local root library
  root=$(small_system)
  mkdir "$root/data"
  cp /usr/bin/redis-server /usr/bin/redis-cli "$root/bin"
  for library in $(ldd /usr/bin/redis-server /usr/bin/redis-cli | grep -o '/[^ ]*\.so[^ ]*' | sort -u); do
    install -D "$library" "$root$library"
  done
  import "$root" redis:8.2.1 --change 'WORKDIR /data'
}

make_edge() {
  local root
  root=$(small_system)
  program "$root/bin/traefik" 'test "$*" = "healthcheck --ping"'
  program "$root/bin/edge" 'trap "exit 0" TERM; httpd -f -vvv -p 80 & nc -ll -p 443 -e cat & while :; do sleep 1 & wait $!; done'
  import "$root" traefik:3.5.3 --change 'CMD ["/bin/edge"]'
}

for tag in "$@"; do make_application "$tag"; done
make_redis
make_edge
