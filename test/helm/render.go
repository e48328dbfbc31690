// Renders a chart as Helm does (pkg/engine): text/template with sprig and Helm's own toYaml, over .Values, .Chart, .Release and
// .Files. What the chart does not use of Helm is not here.
//
//	go run render.go CHART NAMESPACE < VALUES
//
// CHART is the chart's folder, VALUES are YAML that is laid over the chart's own.
package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

type files struct{ folder string }

func (f files) Get(name string) string { return string(must(os.ReadFile(filepath.Join(f.folder, name)))) }

func main() {
	folder, namespace := os.Args[1], os.Args[2]
	values := read(must(os.ReadFile(filepath.Join(folder, "values.yaml"))))
	lay(read(must(io.ReadAll(os.Stdin))), values)
	chart := read(must(os.ReadFile(filepath.Join(folder, "Chart.yaml"))))
	data := map[string]any{
		"Values":  values,
		"Chart":   map[string]any{"Name": chart["name"], "Version": chart["version"], "AppVersion": chart["appVersion"]},
		"Release": map[string]any{"Name": "oomwatcher", "Namespace": namespace},
		"Files":   files{folder},
	}
	functions := sprig.TxtFuncMap()
	functions["toYaml"] = func(value any) string {
		return strings.TrimSuffix(string(must(yaml.Marshal(value))), "\n")
	}
	for _, name := range must(filepath.Glob(filepath.Join(folder, "templates", "*.yaml"))) {
		// Helm lints with missingkey=error: a value that nobody has is a mistake in the chart.
		parsed := must(template.New(name).Funcs(functions).Option("missingkey=error").Parse(string(must(os.ReadFile(name)))))
		var text strings.Builder
		if err := parsed.Execute(&text, data); err != nil {
			panic(err)
		}
		// What renders to nothing is no object.
		if strings.TrimSpace(text.String()) != "" {
			os.Stdout.WriteString("---\n" + text.String() + "\n")
		}
	}
}

// lay does what Helm does with values: maps are merged, all else is replaced.
func lay(over, under map[string]any) {
	for key, value := range over {
		inner, isMap := value.(map[string]any)
		below, wasMap := under[key].(map[string]any)
		if isMap && wasMap {
			lay(inner, below)
		} else {
			under[key] = value
		}
	}
}

func read(text []byte) map[string]any {
	all := map[string]any{}
	if err := yaml.Unmarshal(text, &all); err != nil {
		panic(err)
	}
	return all
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
