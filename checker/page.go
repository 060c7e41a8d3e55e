package checker

// page is a picture of a window that Porcupine found illegal, whole as HTML.
type page struct {
	at   TP
	html string
}
