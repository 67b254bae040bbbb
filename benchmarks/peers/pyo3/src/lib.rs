// SPDX-License-Identifier: MIT
//! Calls and classes, bound with PyO3: what calls.hpp has in C++.
use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

macro_rules! take {
    ($name:ident, $($argument:ident),*) => {
        #[pyfunction]
        #[pyo3(signature = ($($argument,)* /))]
        fn $name($($argument: i64),*) -> i64 {
            0 $(+ $argument)*
        }
    };
}
#[pyfunction]
fn take_0() -> i64 {
    0
}
take!(take_1, a);
take!(take_2, a, b);
take!(take_3, a, b, c);
take!(take_4, a, b, c, d);
take!(take_6, a, b, c, d, e, f);
take!(take_8, a, b, c, d, e, f, g, h);
take!(take_12, a, b, c, d, e, f, g, h, i, j, k, l);
take!(take_16, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);

#[pyfunction]
#[pyo3(signature = (a, b, /))]
fn add(a: i64, b: i64) -> i64 {
    a + b
}
#[pyfunction]
fn add_named(a: i64, b: i64) -> i64 {
    a + b
}
#[pyfunction]
#[pyo3(signature = (value, by = 2))]
fn scale(value: i64, by: i64) -> i64 {
    value * by
}
fn mixed_of(a: i64, b: f64, c: bool, d: &str, e: &Bound<'_, PyAny>, f: u8) -> i64 {
    a + b as i64 + c as i64 + d.len() as i64 + e.is_none() as i64 + f as i64
}
#[pyfunction]
#[pyo3(signature = (a, b, c, d, e, f, /))]
fn mixed(a: i64, b: f64, c: bool, d: &str, e: &Bound<'_, PyAny>, f: u8) -> i64 {
    mixed_of(a, b, c, d, e, f)
}
#[pyfunction]
fn mixed_named(a: i64, b: f64, c: bool, d: &str, e: &Bound<'_, PyAny>, f: u8) -> i64 {
    mixed_of(a, b, c, d, e, f)
}
#[pyfunction]
#[pyo3(signature = (value, /))]
fn identity<'py>(value: &Bound<'py, PyAny>) -> Bound<'py, PyAny> {
    value.clone()
}
#[pyfunction]
#[pyo3(signature = (value, /))]
fn identity_kept(value: Py<PyAny>) -> Py<PyAny> {
    value
}
#[pyfunction]
#[pyo3(signature = (value, /))]
fn not_(value: bool) -> bool {
    !value
}
#[pyfunction]
#[pyo3(signature = (value, /))]
fn half(value: f64) -> f64 {
    value / 2.0
}
#[pyfunction]
#[pyo3(signature = (value, /))]
fn byte(value: u8) -> u8 {
    value
}
#[pyfunction]
#[pyo3(signature = (text, /))]
fn length(text: &str) -> usize {
    text.len()
}
#[pyfunction]
#[pyo3(signature = (text, /))]
fn length_of_string(text: String) -> usize {
    text.len()
}
#[pyfunction]
fn text() -> &'static str {
    "a text of some length"
}
#[pyfunction]
#[pyo3(signature = (name, /))]
fn greet(name: &str) -> String {
    let mut text = String::from("Hello, ");
    text.push_str(name);
    text
}
#[pyfunction]
#[pyo3(signature = (bytes, /))]
fn count_bytes(bytes: &[u8]) -> usize {
    bytes.len()
}
#[pyfunction]
#[pyo3(signature = (bytes, /))]
fn same_bytes<'py>(py: Python<'py>, bytes: &[u8]) -> Bound<'py, PyBytes> {
    PyBytes::new(py, bytes)
}
#[pyfunction]
#[pyo3(signature = (value, /))]
fn or_seven(value: Option<i64>) -> i64 {
    value.unwrap_or(7)
}
#[pyfunction]
#[pyo3(signature = (pair, /))]
fn swapped(pair: (i64, i64)) -> (i64, i64) {
    (pair.1, pair.0)
}
#[pyfunction]
#[pyo3(signature = (values, /))]
fn doubled(values: Vec<i64>) -> Vec<i64> {
    values.into_iter().map(|value| value * 2).collect()
}
#[pyfunction]
fn reject() -> PyResult<i64> {
    Err(PyValueError::new_err("the value is out of range"))
}

#[pyclass(module = "calls_pyo3")]
struct Counter {
    #[pyo3(get, set)]
    field: i64,
    total: i64,
}
#[pymethods]
impl Counter {
    #[new]
    #[pyo3(signature = (start, /))]
    fn new(start: i64) -> Self {
        Counter { field: 7, total: start }
    }
    fn inc(&mut self) {
        self.total += 1;
    }
    #[pyo3(signature = (by, /))]
    fn add(&mut self, by: i64) -> i64 {
        self.total += by;
        self.total
    }
    #[pyo3(signature = (by, more, /))]
    fn add_two(&mut self, by: i64, more: i64) -> i64 {
        self.total += by + more;
        self.total
    }
    fn get(&self) -> i64 {
        self.total
    }
    #[getter]
    fn total(&self) -> i64 {
        self.total
    }
    #[setter]
    fn set_total(&mut self, total: i64) {
        self.total = total;
    }
}
#[pyclass(module = "calls_pyo3", subclass)]
struct OpenCounter {
    #[pyo3(get, set)]
    field: i64,
    total: i64,
}
#[pymethods]
impl OpenCounter {
    #[new]
    #[pyo3(signature = (start, /))]
    fn new(start: i64) -> Self {
        OpenCounter { field: 7, total: start }
    }
    fn inc(&mut self) {
        self.total += 1;
    }
    fn get(&self) -> i64 {
        self.total
    }
}
#[pyclass(module = "calls_pyo3", frozen)]
struct Frozen {
    #[pyo3(get)]
    field: i64,
}
#[pymethods]
impl Frozen {
    #[new]
    #[pyo3(signature = (start, /))]
    fn new(start: i64) -> Self {
        Frozen { field: start }
    }
    fn get(&self) -> i64 {
        self.field
    }
}
#[pyclass(module = "calls_pyo3", frozen, subclass)]
struct OpenFrozen {
    #[pyo3(get)]
    field: i64,
}
#[pymethods]
impl OpenFrozen {
    #[new]
    #[pyo3(signature = (start, /))]
    fn new(start: i64) -> Self {
        OpenFrozen { field: start }
    }
    fn get(&self) -> i64 {
        self.field
    }
}
#[pyfunction]
#[pyo3(signature = (counter, /))]
fn pass_counter(counter: &Counter) -> i64 {
    counter.total
}
#[pyfunction]
#[pyo3(signature = (frozen, /))]
fn pass_frozen(frozen: &Frozen) -> i64 {
    frozen.field
}
#[pyfunction]
#[pyo3(signature = (start, /))]
fn return_counter(start: i64) -> Counter {
    Counter::new(start)
}
#[pyfunction]
#[pyo3(signature = (start, /))]
fn return_frozen(start: i64) -> Frozen {
    Frozen::new(start)
}

#[pyclass(module = "calls_pyo3")]
#[derive(PartialEq, PartialOrd)]
struct Pair {
    #[pyo3(get)]
    x: f64,
    #[pyo3(get)]
    y: f64,
}
impl Pair {
    fn index(index: isize) -> PyResult<usize> {
        match if index < 0 { index + 2 } else { index } {
            0 => Ok(0),
            1 => Ok(1),
            _ => Err(PyIndexError::new_err("there are two items")),
        }
    }
}
#[pymethods]
impl Pair {
    #[new]
    #[pyo3(signature = (x, y, /))]
    fn new(x: f64, y: f64) -> Self {
        Pair { x, y }
    }
    fn __add__(&self, other: &Pair) -> Pair {
        Pair { x: self.x + other.x, y: self.y + other.y }
    }
    fn __iadd__(&mut self, other: &Pair) {
        self.x += other.x;
        self.y += other.y;
    }
    fn __eq__(&self, other: &Pair) -> bool {
        self == other
    }
    fn __lt__(&self, other: &Pair) -> bool {
        self < other
    }
    fn __getitem__(&self, index: isize) -> PyResult<f64> {
        Ok(if Pair::index(index)? == 0 { self.x } else { self.y })
    }
    fn __setitem__(&mut self, index: isize, value: f64) -> PyResult<()> {
        if Pair::index(index)? == 0 {
            self.x = value
        } else {
            self.y = value
        }
        Ok(())
    }
    fn __len__(&self) -> usize {
        2
    }
    fn __hash__(&self) -> u64 {
        31 * self.x as u64 + self.y as u64
    }
    fn __contains__(&self, value: f64) -> bool {
        value == self.x || value == self.y
    }
    #[pyo3(signature = (a, b, /))]
    fn __call__(&self, a: f64, b: f64) -> f64 {
        self.x * a + b
    }
}

#[pyclass(module = "calls_pyo3")]
struct Row {
    numbers: Vec<i64>,
}
#[pyclass(module = "calls_pyo3")]
struct RowIterator {
    row: Py<Row>,
    at: usize,
}
#[pymethods]
impl Row {
    #[new]
    #[pyo3(signature = (size, /))]
    fn new(size: i64) -> Self {
        Row { numbers: (1000..1000 + size).collect() }
    }
    fn __iter__(slf: Py<Self>) -> RowIterator {
        RowIterator { row: slf, at: 0 }
    }
}
#[pymethods]
impl RowIterator {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }
    fn __next__(&mut self, py: Python<'_>) -> Option<i64> {
        let row = self.row.borrow(py);
        let number = row.numbers.get(self.at).copied();
        self.at += 1;
        number
    }
}

#[pymodule(gil_used = false)]
fn calls_pyo3(m: &Bound<'_, PyModule>) -> PyResult<()> {
    macro_rules! functions {
        ($($name:ident),*) => { $(m.add_function(wrap_pyfunction!($name, m)?)?;)* };
    }
    functions!(
        take_0, take_1, take_2, take_3, take_4, take_6, take_8, take_12, take_16, add, add_named, scale, mixed, mixed_named,
        identity, identity_kept, not_, half, byte, length, length_of_string, text, greet, count_bytes, same_bytes, or_seven,
        swapped, doubled, reject, pass_counter, pass_frozen, return_counter, return_frozen
    );
    m.add_class::<Counter>()?;
    m.add_class::<OpenCounter>()?;
    m.add_class::<Frozen>()?;
    m.add_class::<OpenFrozen>()?;
    m.add_class::<Pair>()?;
    m.add_class::<Row>()?;
    Ok(())
}
