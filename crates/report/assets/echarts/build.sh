#!/usr/bin/env bash
# Makes echarts.js anew from Apache ECharts 6.1.0 (npm) with the parts that entry.js names, in a folder of its own.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cp "$here/entry.js" "$folder"
cd "$folder"
npm install --silent --no-save echarts@6.1.0 zrender@6.1.0 tslib@2.3.0 esbuild@0.28.2
npx esbuild entry.js --bundle --minify --format=iife --global-name=echarts --target=es2018 --charset=utf8 \
  --legal-comments=none --outfile="$here/echarts.js"
cp node_modules/echarts/LICENSE node_modules/echarts/NOTICE "$here"
cp node_modules/zrender/LICENSE "$here/LICENSE-zrender"
