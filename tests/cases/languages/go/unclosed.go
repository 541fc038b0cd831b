package broken

type Earlier struct {
	Kind Kind
}

func (e *Earlier) First() Kind {
	return e.Kind
}

func (e *Earlier) half(value int) int {
	x := e.First()
	fmt.Println(x,
