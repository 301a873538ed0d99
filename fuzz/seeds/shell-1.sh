#!/bin/sh
f() { gzip -dc "$1" | tr 'ab' 'ba'; }
for i in a b; do case $i in a|b) x="$(f t/$i 2>/dev/null)" ;; *) : ;; esac; done
while read l; do eval "$l"; done <<EOT
echo ${IFS} $'\x41' `echo \`date\`` $((1 + 2))
EOT
exec 9<file; sh <&9 >out 2>&1 || . ./out
if test -n "$CI"; then printf '\101\102' >a; fi
