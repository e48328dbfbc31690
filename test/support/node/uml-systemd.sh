#!/bin/sh
# In a User-mode Linux (uml-guest.sh): has systemd be its first process, with D-Bus, systemd-machined and the tests as its only
# services. The machine's own units would do on its files what a boot does, such as emptying /tmp.
set -e
mkdir /run/etc /run/units
cp -a /etc/. /run/etc
mount --bind /run/etc /etc
mount -t tmpfs var /var
mkdir -p /var/lib /var/log /var/tmp /etc/dbus-1/system.d
cp "$OOMWATCHER_RUNTIMES"/usr/share/dbus-1/system.d/*machine1.conf /etc/dbus-1/system.d

unit() { # name, lines
  printf '%s\n' '[Unit]' 'DefaultDependencies=no' "$2" >"/run/units/$1"
}
unit dbus.socket '[Socket]
ListenStream=/run/dbus/system_bus_socket'
unit dbus.service 'Requires=dbus.socket
[Service]
ExecStart=dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only'
unit systemd-machined.service "Wants=dbus.service
After=dbus.service
[Service]
Type=dbus
BusName=org.freedesktop.machine1
Environment=LD_LIBRARY_PATH=$(echo "$OOMWATCHER_RUNTIMES"/usr/lib/*-linux-gnu/systemd)
ExecStart=$OOMWATCHER_RUNTIMES/lib/systemd/systemd-machined"
unit tests.service 'Wants=dbus.service systemd-machined.service
After=dbus.service systemd-machined.service
[Service]
OOMPolicy=continue
ExecStart=sh /run/tests.sh
StandardOutput=file:/dev/console
StandardError=inherit'
unit tests.target 'Wants=tests.service'
export SYSTEMD_UNIT_PATH=/run/units
exec /lib/systemd/systemd --unit=tests.target --log-target=console --log-level=err --show-status=no
