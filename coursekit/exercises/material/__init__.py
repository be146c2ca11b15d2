"""Material that the exercise notebooks import and show: data, trained patients, figures. No check and no answer."""
