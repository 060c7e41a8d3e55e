package common // want paper: named after nothing // want paper: no file says
