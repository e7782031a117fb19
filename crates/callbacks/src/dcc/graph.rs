//! `dcc.Graph`: a figure that plotly.js draws.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::component::component;
use crate::error::CallbackError;
use crate::property::Id;
use crate::value::{IntoProperty, PropertyWrite};

/// What plotly.js draws: an object of `data` (the traces), `layout` and `config`.
///
/// A map, such as a `choropleth`, is not drawn: plotly.js would fetch its outlines from another host. The page shows that in one sentence.
///
/// ```
/// use callbacks::dcc::Figure;
/// use serde_json::json;
///
/// let bars = json!({"type": "bar", "x": [1, 2, 3], "y": [3, 1, 2]});
/// let figure = Figure::new([bars]).with_layout(json!({"title": {"text": "A"}}));
/// assert_eq!(figure.as_json()["data"][0]["type"], "bar");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Figure(Value);

impl Figure {
    /// A figure of these traces.
    pub fn new(traces: impl IntoIterator<Item = Value>) -> Self {
        let traces: Vec<Value> = traces.into_iter().collect();
        Self(json!({"data": traces, "layout": {}}))
    }

    /// Sets the layout: titles, axes, legend, size.
    #[must_use]
    pub fn with_layout(mut self, layout: Value) -> Self {
        if let Value::Object(figure) = &mut self.0 {
            figure.insert("layout".to_owned(), layout);
        }
        self
    }

    /// As plotly.js takes it.
    #[must_use]
    pub fn as_json(&self) -> &Value {
        &self.0
    }
}

impl From<Value> for Figure {
    fn from(figure: Value) -> Self {
        Self(figure)
    }
}

impl IntoProperty<Self> for Figure {
    fn write(self, json: &mut Vec<u8>) -> Result<PropertyWrite, CallbackError> {
        Some(self).write(json)
    }
}

impl IntoProperty<Figure> for Value {
    fn write(self, json: &mut Vec<u8>) -> Result<PropertyWrite, CallbackError> {
        Some(Figure(self)).write(json)
    }
}

component! {
    /// `dcc.Graph`: a figure, drawn by plotly.js in the browser.
    ///
    /// It needs this crate's feature `graph`, which brings plotly.js along; without it the app does not start.
    seen Graph: {
        /// What is drawn.
        figure / with_figure: (into Figure) = "figure";
        /// What plotly.js may do: `displayModeBar`, `scrollZoom` and so on.
        config / with_config: Value = "config";
        /// The point that was last clicked.
        click_data / with_click_data: Value = "clickData";
        /// The point under the pointer.
        hover_data / with_hover_data: Value = "hoverData";
        /// The points that were last selected.
        selected_data / with_selected_data: Value = "selectedData";
        /// What was last zoomed or moved.
        relayout_data / with_relayout_data: Value = "relayoutData";
        /// Which traces were last shown or hidden.
        restyle_data / with_restyle_data: Value = "restyleData";
    }
}

impl Graph {
    /// An empty graph with this id.
    pub fn new(id: impl Into<Id>) -> Self {
        Self::with_id(id)
    }
}
