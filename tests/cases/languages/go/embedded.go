package main

const query = `
	SELECT name, kind
	FROM station`

var plain = `Dear reader,`
