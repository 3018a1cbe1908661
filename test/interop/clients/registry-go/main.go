// franz-go's sr registers, evolves, fails on an incompatible schema and reads back, values too.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/twmb/franz-go/pkg/sr"
)

const (
	first  = `{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}`
	second = `{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"string","default":""}]}`
	broken = `{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"c","type":"string"}]}`
)

func check(ok bool, what string, details ...any) {
	if !ok {
		fmt.Println(append([]any{what}, details...)...)
		os.Exit(1)
	}
}

func franz(url string) {
	ctx := context.Background()
	client, err := sr.NewClient(sr.URLs(url))
	check(err == nil, "client", err)
	one, err := client.CreateSchema(ctx, "go-value", sr.Schema{Schema: first})
	check(err == nil && one.Version == 1, "first", one, err)
	two, err := client.CreateSchema(ctx, "go-value", sr.Schema{Schema: second})
	check(err == nil && two.Version == 2 && two.ID != one.ID, "second", two, err)
	_, err = client.CreateSchema(ctx, "go-value", sr.Schema{Schema: broken})
	var refused *sr.ResponseError
	check(errors.As(err, &refused) && refused.StatusCode == 409, "broken", err)
	read, err := client.SchemaByID(ctx, two.ID)
	check(err == nil && read.Schema == second, "by id", read, err)
	compatible, err := client.CheckCompatibility(ctx, "go-value", -1, sr.Schema{Schema: broken})
	check(err == nil && !compatible.Is, "check", compatible, err)
	found, err := client.LookupSchema(ctx, "go-value", sr.Schema{Schema: first})
	check(err == nil && found.Version == 1 && found.ID == one.ID, "lookup", found, err)
	for _, set := range client.SetCompatibility(ctx, sr.SetCompatibility{Level: sr.CompatFull}, "go-value") {
		check(set.Err == nil && set.Level == sr.CompatFull, "level", set)
	}
	subjects, err := client.Subjects(ctx)
	check(err == nil && len(subjects) == 1, "subjects", subjects, err)
	versions, err := client.DeleteSubject(ctx, "go-value", sr.SoftDelete)
	check(err == nil && len(versions) == 2, "delete", versions, err)
}

type order struct {
	A int `json:"a"`
}

// Values of a JSON Schema: written with the id of the schema in front, and read by that id.
func values(url string) {
	ctx := context.Background()
	client, err := sr.NewClient(sr.URLs(url))
	check(err == nil, "client", err)
	text := `{"type":"object","properties":{"a":{"type":"integer"}},"additionalProperties":false}`
	made, err := client.CreateSchema(ctx, "go-json-value", sr.Schema{Schema: text, Type: sr.TypeJSON})
	check(err == nil, "JSON Schema", err)
	serde := sr.NewSerde()
	serde.Register(
		made.ID,
		order{},
		sr.EncodeFn(json.Marshal),
		sr.DecodeFn(json.Unmarshal),
	)
	written, err := serde.Encode(order{A: 7})
	check(err == nil && string(written[5:]) == `{"a":7}`, "encode", written, err)
	id, _, err := serde.DecodeID(written)
	check(err == nil && id == made.ID, "id", id, err)
	schema, err := client.SchemaByID(ctx, id)
	check(err == nil && schema.Type == sr.TypeJSON && schema.Schema == text, "by id", schema, err)
	read, err := serde.DecodeNew(written)
	check(err == nil && *read.(*order) == order{A: 7}, "decode", read, err)
}

func main() {
	franz(os.Args[1])
	values(os.Args[1])
	fmt.Println("ok")
}
