console.log("first step: none");
