# Sets nodedir to a folder with Node's headers, or to nothing. The headers of Node-API are the same for every Node. Those
# of the npm package `node`, which pins the runtime, come first; npm may have pruned them, as its installer puts them
# where the lockfile does not know of them.
nodedir=
for candidate in ../node_modules/node/node_modules/node-* ../node_modules/node-linux-* \
  "$(dirname "$(command -v node)")/.." "${npm_config_nodedir:-/usr}"; do
  if [ -f "$candidate/include/node/common.gypi" ]; then
    nodedir=$(cd "$candidate" && pwd)
    break
  fi
done

# make splits the paths of headers at blanks: such a folder gets another name, in $link, for as long as the script runs.
link=
plain_nodedir() {
  case $nodedir in
    *[[:space:]]*)
      link=$(mktemp -d)
      ln -s "$nodedir" "$link/node"
      nodedir=$link/node
      ;;
  esac
}
